using Auspex.Experiments.Modules;
using Auspex.Experiments.Modules.Deprecated;

namespace Auspex.Experiments.Catalog;

public sealed partial class ModuleCatalog
{
    static partial void AddDataModules(ModuleCatalog catalog)
    {
        catalog.Add(new EnterDataManuallyModule());
        catalog.Add(new ImportDataModule());
        catalog.Add(new ExportDataModule());
        catalog.Add(new ConvertToCsvModule());
        catalog.Add(new AddColumnsModule());
        catalog.Add(new AddRowsModule());
        catalog.Add(new ApplySqlTransformationModule());
        catalog.Add(new CleanMissingDataModule());
        catalog.Add(new ConvertToIndicatorValuesModule());
        catalog.Add(new EditMetadataModule());
        catalog.Add(new JoinDataModule());
        catalog.Add(new RemoveDuplicateRowsModule());
        catalog.Add(new SelectColumnsInDatasetModule());
        catalog.Add(new SplitDataModule());
        catalog.Add(new PartitionAndSampleModule());
        catalog.Add(new NormalizeDataModule());
        catalog.Add(new ApplyTransformationModule());
        catalog.Add(new ExecutePythonScriptModule());
        catalog.Add(new ExecuteRScriptModule());
        catalog.Add(new PermutationFeatureImportanceModule());
        catalog.Add(new TuneModelHyperparametersModule());
        catalog.Add(new CrossValidateModelModule());
        catalog.Add(new ApplyMathOperationModule());
        catalog.Add(new ComputeElementaryStatisticsModule());
        catalog.Add(new SummarizeDataModule());
        catalog.Add(new ComputeLinearCorrelationModule());
        catalog.Add(new ClipValuesModule());
        catalog.Add(new GroupDataIntoBinsModule());
        catalog.Add(new GroupCategoricalValuesModule());
        catalog.Add(new ReplaceDiscreteValuesModule());
        catalog.Add(new EvaluateProbabilityFunctionModule());
        catalog.Add(new TestHypothesisUsingTTestModule());
        catalog.Add(new ConvertToDatasetModule());
        catalog.Add(new ConvertToTsvModule());
        catalog.Add(new ConvertToArffModule());
        catalog.Add(new ConvertToSvmLightModule());
        catalog.Add(new SelectColumnsTransformModule());
        catalog.Add(new SmoteModule());
        catalog.Add(new UnpackZippedDatasetsModule());
        catalog.Add(new FilterBasedFeatureSelectionModule());
        catalog.Add(new PrincipalComponentAnalysisModule());
        catalog.Add(new FisherLinearDiscriminantAnalysisModule());
        catalog.Add(new ApplyFilterModule());
        catalog.Add(new FirFilterModule());
        catalog.Add(new IirFilterModule());
        catalog.Add(new MedianFilterModule());
        catalog.Add(new MovingAverageFilterModule());
        catalog.Add(new ThresholdFilterModule());
        catalog.Add(new UserDefinedFilterModule());
        catalog.Add(new TimeSeriesAnomalyDetectionModule());
        catalog.Add(new BuildCountingTransformModule());
        catalog.Add(new ExportCountTableModule());
        catalog.Add(new ImportCountTableModule());
        catalog.Add(new MergeCountTransformModule());
        catalog.Add(new ModifyCountTableParametersModule());
        catalog.Add(new FeatureHashingModule());
        catalog.Add(new PreprocessTextModule());
        catalog.Add(new ExtractKeyPhrasesFromTextModule());
        catalog.Add(new ExtractNGramFeaturesFromTextModule());
        catalog.Add(new LatentDirichletAllocationModule());
        catalog.Add(new DetectLanguagesModule());
        catalog.Add(DeprecatedModule.ApplyQuantizationFunction);
        catalog.Add(DeprecatedModule.AssignToClusters);
        catalog.Add(DeprecatedModule.BuildCountTable);
        catalog.Add(DeprecatedModule.CountFeaturizer);
        catalog.Add(DeprecatedModule.LinearDiscriminantAnalysis);
        catalog.Add(DeprecatedModule.MissingValuesScrubber);
        catalog.Add(DeprecatedModule.Quantize);
        catalog.Add(new WebServiceInputModule());
        catalog.Add(new WebServiceOutputModule());
    }
}
