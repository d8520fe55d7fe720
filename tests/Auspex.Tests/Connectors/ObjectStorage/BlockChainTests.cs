using System.Text.Json;
using Auspex.Connectors.ObjectStorage;
using Xunit;

namespace Auspex.Tests.Connectors.ObjectStorage;

public sealed class BlockChainTests
{
    [Fact]
    public void Of_IdsOfSeveralWriters_GivesTheBlocksOfOne()
    {
        var (one, other) = (Guid.NewGuid(), Guid.NewGuid());
        var block = new StagedBlock(1L << 40, int.MaxValue);
        string[] ids = [BlockChain.IdOf(other, block), BlockChain.IdOf(one, block), "AAAA", "no base64!", "", new string('A', 64)];

        Assert.Equal([block], BlockChain.Of(one, ids));
        Assert.Equal(BlockChain.IdOf(one, block).Length, BlockChain.IdOf(other, new StagedBlock(0, 1)).Length);
        // The service takes ids of at most 64 bytes before they are encoded.
        Assert.True(Convert.FromBase64String(BlockChain.IdOf(one, block)).Length <= 64);
    }

    [Fact]
    public void Find_OverlappingBlocks_FollowsOneAnotherToExactlyTheLength()
    {
        StagedBlock[] blocks = [new(30, 10), new(10, 10), new(10, 5), new(0, 10), new(15, 5), new(20, 100), new(0, 7)];

        Assert.Equal([new(0, 10), new(10, 10)], BlockChain.Find(blocks, 20));
        Assert.Equal([new(0, 10), new(10, 5)], BlockChain.Find(blocks, 15));
        Assert.Equal([new(0, 7)], BlockChain.Find(blocks, 7));
        Assert.Empty(BlockChain.Find(blocks, 0)!);
        Assert.Null(BlockChain.Find(blocks, 40));
        Assert.Null(BlockChain.Find(blocks, 8));
        Assert.Null(BlockChain.Find([], 1));
    }

    [Fact]
    public void Find_CutsOfSeveralProcesses_AlwaysReachesWhatWasSecured()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        var random = new Random(seed);
        for (var round = 0; round < 200; round++)
        {
            var blocks = new List<StagedBlock>();
            var secured = new List<long> { 0 };
            for (var process = 0; process < 5; process++)
            {
                var at = secured[random.Next(secured.Count)];
                for (var block = random.Next(6); block > 0; block--)
                {
                    blocks.Add(new StagedBlock(at, random.Next(1, 9)));
                    at = blocks[^1].End;
                    secured.Add(at);
                }
            }

            random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(blocks));
            foreach (var length in secured)
            {
                var chain = BlockChain.Find(blocks, length);
                Assert.NotNull(chain);
                Assert.Equal(length, chain.Sum(block => block.Length));
                Assert.All(chain.Zip(chain.Skip(1)), pair => Assert.Equal(pair.First.End, pair.Second.Offset));
            }
        }
    }

    [Fact]
    public void UploadPosition_ThroughJson_IsTheSame()
    {
        var position = new UploadPosition(Guid.NewGuid(), 123_456_789_012);

        var json = JsonSerializer.Serialize(position);

        Assert.Equal(position, JsonSerializer.Deserialize<UploadPosition>(json));
        Assert.True(json.Length < 100, json);
    }
}
