using System.Diagnostics;
using Auspex.Engine.Journal;

namespace Auspex.Engine.Runs;

/// <summary>What a run that repeats another has yet to take over from it. Changed by <see cref="RunState"/> alone.</summary>
internal sealed class KeptResults
{
    private readonly Dictionary<string, ResultKept> _results = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JournalValue> _items = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RunId> _children = new(StringComparer.Ordinal);

    /// <summary>The values that must be loaded before the run goes on.</summary>
    public IEnumerable<JournalValue> Values =>
        _results.Values.Select(result => result.Output).OfType<JournalValue>().Concat(_items.Values);

    public bool HasResult(string path) => _results.ContainsKey(path);

    /// <summary>The items that the loop had; null when nothing inside it was kept.</summary>
    public JournalValue? ItemsOf(string loop) => _items.GetValueOrDefault(loop);

    /// <summary>The run that the activity had started; null when it is none to repeat.</summary>
    public RunId? ChildOf(string path) => _children.TryGetValue(path, out var child) ? child : null;

    public void Add(RunEvent kept)
    {
        switch (kept)
        {
            case ResultKept e:
                _results[e.Activity] = e;
                break;
            case ItemsKept e:
                _items[e.Activity] = e.Items;
                break;
            case ChildKept e:
                _children[e.Activity] = e.Child;
                break;
            default:
                throw new UnreachableException($"{kept.GetType().Name} keeps nothing.");
        }
    }

    /// <summary>The result of an activity, which is not kept any longer.</summary>
    public ResultKept? Take(string path) => _results.Remove(path, out var result) ? result : null;

    /// <summary>Forgets what is inside a loop.</summary>
    public void DropBelow(string loop)
    {
        var prefix = loop + "[";
        Drop(_results, prefix);
        Drop(_items, prefix);
        Drop(_children, prefix);
        _items.Remove(loop);
    }

    private static void Drop<T>(Dictionary<string, T> kept, string prefix)
    {
        foreach (var path in kept.Keys.Where(path => path.StartsWith(prefix, StringComparison.Ordinal)).ToList())
        {
            kept.Remove(path);
        }
    }
}
