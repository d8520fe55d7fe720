using Auspex.Benchmarks.Figures;
using Auspex.Benchmarks.Scoring;
using BenchmarkDotNet.Running;

switch (args)
{
    case ["people", .. var rest]:
        return PeopleFile.Write(rest);
    case ["calls", .. var rest]:
        return await ScoringCalls.RunAsync(rest);
    case ["batch", .. var rest]:
        return await BatchJob.RunAsync(rest);
    default:
        BenchmarkSwitcher.FromAssembly(typeof(TreeScoringBenchmarks).Assembly).Run(args);
        return 0;
}
