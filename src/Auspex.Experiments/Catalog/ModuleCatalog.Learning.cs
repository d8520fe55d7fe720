using Auspex.Experiments.Modules;
using Auspex.Experiments.Modules.Learners;

namespace Auspex.Experiments.Catalog;

public sealed partial class ModuleCatalog
{
    static partial void AddLearningModules(ModuleCatalog catalog)
    {
        catalog.Add(BoostedTreesModule.TwoClass);
        catalog.Add(LogisticRegressionModule.TwoClass);
        catalog.Add(LogisticRegressionModule.Multiclass);
        catalog.Add(BoostedTreesModule.Regression);
        catalog.Add(new LinearRegressionModule());
        catalog.Add(DecisionForestModule.TwoClass);
        catalog.Add(DecisionForestModule.Multiclass);
        catalog.Add(DecisionForestModule.Regression);
        catalog.Add(new FastForestQuantileModule());
        catalog.Add(new OneVsAllModule());
        catalog.Add(new OrdinalRegressionModule());
        catalog.Add(new SupportVectorModule());
        catalog.Add(new AveragedPerceptronModule());
        catalog.Add(new PoissonRegressionModule());
        catalog.Add(NeuralNetworkModule.TwoClass);
        catalog.Add(NeuralNetworkModule.Multiclass);
        catalog.Add(NeuralNetworkModule.Regression);
        catalog.Add(DecisionJungleModule.TwoClass);
        catalog.Add(DecisionJungleModule.Multiclass);
        catalog.Add(new BayesPointModule());
        catalog.Add(new LocallyDeepModule());
        catalog.Add(new BayesianLinearRegressionModule());
        catalog.Add(new KMeansModule());
        catalog.Add(new PcaAnomalyModule());
        catalog.Add(new OneClassModule());
        catalog.Add(new LoadTrainedModelModule());
        catalog.Add(new TrainModelModule());
        catalog.Add(new TrainClusteringModelModule());
        catalog.Add(new SweepClusteringModule());
        catalog.Add(new TrainAnomalyDetectionModelModule());
        catalog.Add(new ScoreModelModule());
        catalog.Add(new AssignDataToClustersModule());
        catalog.Add(new EvaluateModelModule());
        catalog.Add(new TrainMatchboxRecommenderModule());
        catalog.Add(new ScoreMatchboxRecommenderModule());
        catalog.Add(new EvaluateRecommenderModule());
    }
}
