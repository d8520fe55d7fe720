using Auspex.Benchmarks.Engine;
using Auspex.Benchmarks.Figures;
using Auspex.Benchmarks.Scoring;
using Auspex.Benchmarks.Workloads;
using BenchmarkDotNet.Running;

switch (args)
{
    case ["workload", .. var rest]:
        return WorkloadFile.Write(rest);
    case ["fit", .. var rest]:
        return await TrainingRun.RunAsync(rest);
    case ["prepare" or "join" or "sql", ..]:
        return await PreparationRun.RunAsync(args);
    case ["limits", .. var rest]:
        return PhysicalLimits.Measure(rest);
    case ["stages", .. var rest]:
        return await ScoringStages.RunAsync(rest);
    case ["row", .. var rest]:
        return await RowFigures.RunAsync(rest);
    case ["memory", .. var rest]:
        return await MemoryFigures.RunAsync(rest);
    case ["people", .. var rest]:
        return PeopleFile.Write(rest);
    case ["calls", .. var rest]:
        return await ScoringCalls.RunAsync(rest);
    case ["batch", .. var rest]:
        return await BatchJob.RunAsync(rest);
    case ["engine", .. var rest]:
        return await EngineFigures.RunAsync(rest);
    default:
        BenchmarkSwitcher.FromAssembly(typeof(TreeScoringBenchmarks).Assembly).Run(args);
        return 0;
}
