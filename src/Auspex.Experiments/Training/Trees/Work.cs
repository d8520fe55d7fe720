namespace Auspex.Experiments.Training.Trees;

/// <summary>Work on several threads, where there is enough of it.</summary>
internal static class Work
{
    /// <summary>Fewer sums than this are done before a second thread has woken up.</summary>
    public const int Least = 60_000;

    /// <summary>Does each piece of work once.</summary>
    /// <param name="parallel">How many threads.</param>
    /// <param name="count">Pieces.</param>
    /// <param name="sums">About as many sums as all of them cost.</param>
    /// <param name="work">Takes the number of a piece.</param>
    public static void For(ParallelOptions parallel, int count, long sums, Action<int> work)
    {
        if (count > 1 && parallel.MaxDegreeOfParallelism > 1 && sums >= Least)
        {
            Parallel.For(0, count, parallel, work);
            return;
        }

        for (var i = 0; i < count; i++)
        {
            work(i);
        }
    }
}
