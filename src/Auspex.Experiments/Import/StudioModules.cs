using System.Collections.Frozen;

namespace Auspex.Experiments.Import;

/// <summary>Names of Studio's modules by the family id that exported graphs bear, so that one that is not here can be named.</summary>
internal static class StudioModules
{
    private static readonly FrozenDictionary<string, string> Names = new Dictionary<string, string>
    {
        ["5714a225befd438a9bb5f6fdc50a4efb"] = "Add Columns",
        ["b2ebdabd217d491586cc5b05972f7270"] = "Add Rows",
        ["6bd12c13d9c3452294d34aa44513af57"] = "Apply Math Operation",
        ["90381e8067c34d9987541db785b7ea37"] = "Apply SQL Transformation",
        ["805e592d0f1f48eb97c9688ed0c1dc70"] = "Apply Transformation",
        ["20a0683a07f94a08a89b44b3bbaae382"] = "Assign Data to Clusters",
        ["0207d2526c414c7784c373bdf1ac5960"] = "Boosted Decision Tree Regression",
        ["d2c5ca2f732341a39b7eda917c99f0c4"] = "Clean Missing Data",
        ["cdc62e1db64f424cac09bb050918a668"] = "Clip Values",
        ["faa6ba63383c4086ba587abf26b85814"] = "Convert to CSV",
        ["72bf58e0fc874bb19704f1805003b975"] = "Convert to Dataset",
        ["6ea59c36f283410eb34cedfabfac39b0"] = "Convert to Indicator Values",
        ["1cdbcda42ece49088b87e6b636258d3d"] = "Convert to TSV",
        ["75fb875d6b864d468bcc74261ade5826"] = "Cross-Validate Model",
        ["562988b2e7404e3a8131358391bad755"] = "Decision Forest Regression",
        ["370b6676c11c486fbf7335349f842a66"] = "Edit Metadata",
        ["4fbef0ab2c8e4a25b5c47be76eac33d6"] = "Enter Data Manually",
        ["927d65ac3b504694990320f6c1672089"] = "Evaluate Model",
        ["9c4d0cb5213e47859cc8d29ce467b9c8"] = "Evaluate Recommender",
        ["cdb56f957f4c404dbde75bb972e6f232"] = "Execute Python Script",
        ["30806023392b42e094d66b775a6e0fd5"] = "Execute R Script",
        ["7a391181b6a74ad4b82de419c0d6522c"] = "Export Data",
        ["a8a662d089bb48c985629b9589124c4a"] = "Extract N-Gram Features from Text",
        ["b9064dc32d694e06b3076cebf324686a"] = "Fast Forest Quantile Regression",
        ["c9a826602d9c411d81224d9e0b3ce92a"] = "Feature Hashing",
        ["818b356b045c412baa1294a1d2dad90f"] = "Filter Based Feature Selection",
        ["4e1b0fe6aded4b3fa36f39b8862b9004"] = "Import Data",
        ["124865f7e9014656adacf4cb08248099"] = "Join Data",
        ["5049a09bbd904c4e9b467c87e3a36810"] = "K-Means Clustering",
        ["1aec5388415d4f7cb33fc9e9f4c0ce56"] = "Latent Dirichlet Allocation",
        ["31960a6f789b4cf788d62e1152c0bd1a"] = "Linear Regression",
        ["5e70108d2e4445d986e894f37c68fe86"] = "Multiclass Decision Forest",
        ["1d195fe598cd4e1aa1c8076aaa3e02c3"] = "Multiclass Logistic Regression",
        ["e8b401fb230a4b21bd11d1fda0d57c1f"] = "Multiclass Neural Network",
        ["d7ee222c669f4200a576a761a9c1a928"] = "Neural Network Regression",
        ["986df33367484b85923d871df70d6aaf"] = "Normalize Data",
        ["7191efaeb4b14d03a6f87205f87be664"] = "One-vs-All Multiclass",
        ["c3822fa510954c72bd1efd43d285153a"] = "PCA-Based Anomaly Detection",
        ["a8726e341b3e4515b59a3e4a475654b8"] = "Partition and Sample",
        ["2e010ee4714e44e9933e62d8c41818a9"] = "Permutation Feature Importance",
        ["80e21b9d382740d8b733b53148becbc2"] = "Poisson Regression",
        ["bf9e794a9e2b4662902a0e73b255c135"] = "Preprocess Text",
        ["02016f47e4c34a069ae516c747389e34"] = "Remove Duplicate Rows",
        ["9f3fe1c4520e49aca1522e104169912a"] = "SMOTE",
        ["401b4f92e7244d5abe81d5b0ff9bdb33"] = "Score Model",
        ["aa517da1497843ed960ff26cf55bfa95"] = "Select Columns Transform",
        ["1ec722fab6234e26a44ea50c6d726223"] = "Select Columns in Dataset",
        ["70530644c97a4ab685f788bf30a8be5f"] = "Split Data",
        ["2c57074f674f45dead85d84e4726f04e"] = "Summarize Data",
        ["d6acbacea72d44b99878869115e02458"] = "Train Anomaly Detection Model",
        ["bb43c744f7fa41d0ae6774ae75da3ffd"] = "Train Clustering Model",
        ["5cc7053eaa30450d96c0dae4be720977"] = "Train Model",
        ["038d91b6c2f242a192151f2c20ed1b40"] = "Tune Model Hyperparameters",
        ["5ed44caa5360407dae6c7a88c491474a"] = "Two-Class Averaged Perceptron",
        ["e3c522f853d948298ea45c6a6b75330c"] = "Two-Class Boosted Decision Tree",
        ["5a7d5466992840c8a19cd5de4882c77e"] = "Two-Class Decision Forest",
        ["b0fd7660eeed43c5948720d9cc79ed5d"] = "Two-Class Logistic Regression",
        ["ebc29f52719d4d0fb66a2ce85f527c7d"] = "Two-Class Neural Network",
        ["12d8479b74b44e67b8ded32867380e20"] = "Two-Class Support Vector Machine",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The module's name; null for a family that is not known.</summary>
    public static string? FindName(string familyId) => Names.GetValueOrDefault(familyId);

    /// <summary>
    /// The family of a module's id: the middle of <c>workspace.family.instance</c>, also behind <c>aml://module/</c>; the id
    /// itself when it has no such form.
    /// </summary>
    public static string FamilyOf(string moduleId)
    {
        var id = moduleId[(moduleId.LastIndexOf('/') + 1)..];
        return id.Split('.') is [_, var family, ..] ? family : id;
    }
}
