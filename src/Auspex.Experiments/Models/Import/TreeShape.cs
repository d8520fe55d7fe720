namespace Auspex.Experiments.Models.Import;

/// <summary>Checks that children form a tree, before anything follows them.</summary>
internal static class TreeShape
{
    /// <summary>Every node and leaf must be reached from node 0 exactly once: no circles, nothing shared, nothing left over.</summary>
    /// <param name="left">Per node its one child; a leaf as <c>~leaf</c>. No nodes for a tree of a single leaf.</param>
    /// <param name="right">Per node its other child.</param>
    /// <param name="leaves">How many leaves there are.</param>
    /// <param name="where">The tree in messages.</param>
    /// <exception cref="ModelImportException">They do not.</exception>
    public static void Check(int[] left, int[] right, int leaves, string where)
    {
        var (seenNodes, seenLeaves) = (new bool[left.Length], new bool[leaves]);
        var pending = new Stack<int>();
        pending.Push(left.Length == 0 ? ~0 : 0);
        while (pending.TryPop(out var child))
        {
            var seen = child < 0 ? seenLeaves : seenNodes;
            var index = child < 0 ? ~child : child;
            var kind = child < 0 ? "leaf" : "node";
            if (index >= seen.Length)
            {
                throw new ModelImportException($"{where}: a child is {kind} {index}; there are {seen.Length}. The file is damaged.");
            }

            if (seen[index])
            {
                throw new ModelImportException($"{where}: {kind} {index} has two parents; it is no tree. The file is damaged.");
            }

            seen[index] = true;
            if (child >= 0)
            {
                pending.Push(right[child]);
                pending.Push(left[child]);
            }
        }

        if (seenNodes.Contains(false) || seenLeaves.Contains(false))
        {
            throw new ModelImportException($"{where}: not every node and leaf can be reached from the first node. The file is damaged.");
        }
    }
}
