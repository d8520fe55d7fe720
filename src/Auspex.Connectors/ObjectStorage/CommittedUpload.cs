namespace Auspex.Connectors.ObjectStorage;

/// <summary>An upload that turned out to be committed when it was to be continued: it takes the rest of the bytes and drops them.</summary>
internal sealed class CommittedUpload : BlobUpload
{
    private readonly string _path;
    private readonly UploadPosition _resumed;
    private readonly long _length;

    public CommittedUpload(string path, UploadPosition resumed, long length)
    {
        _path = path;
        _resumed = resumed;
        _length = length;
        Stream = new UploadStream(resumed.Length, static (_, _) => ValueTask.CompletedTask);
    }

    public override Stream Stream { get; }

    public override bool IsCommitted => true;

    public override Task<UploadPosition> SecureAsync(CancellationToken cancellationToken) =>
        Task.FromResult(_resumed with { Length = Stream.Position });

    /// <remarks>A caller that wrote nothing relies on the earlier commit; one that wrote must come to the same end.</remarks>
    public override Task CommitAsync(CancellationToken cancellationToken) =>
        Stream.Position == _length || Stream.Position == _resumed.Length
            ? Task.CompletedTask
            : throw UploadPosition.Gone(_path);

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
