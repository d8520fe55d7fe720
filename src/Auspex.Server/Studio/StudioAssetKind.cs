using Auspex.Definitions;

namespace Auspex.Server.Studio;

/// <summary>A kind of saved asset: data sets, trained models, transforms.</summary>
/// <param name="Path">Its collection in addresses.</param>
/// <param name="Member">The member of a request that describes one.</param>
/// <param name="Kind">What graphs know it as.</param>
internal sealed record StudioAssetKind(string Path, string Member, AssetKind Kind)
{
    public static readonly StudioAssetKind Data = new("datasources", "DataSource", AssetKind.Dataset);
    public static readonly StudioAssetKind Models = new("trainedmodels", "TrainedModel", AssetKind.TrainedModel);
    public static readonly StudioAssetKind Transforms = new("transformmodules", "Transform", AssetKind.Transform);

    public static readonly StudioAssetKind[] All = [Data, Models, Transforms];
}

/// <summary>A type of data that Studio stores.</summary>
/// <param name="Id">As clients write it; compared ignoring case.</param>
/// <param name="Description">For people.</param>
/// <param name="Extension">Of files of it.</param>
/// <param name="AllowsUpload">Whether clients may upload it.</param>
internal sealed record StudioDataType(string Id, string Description, string Extension, bool AllowsUpload)
{
    public static readonly StudioDataType[] All =
    [
        new("GenericCSV", "Comma-separated values with a header", ".csv", true),
        new("GenericCSVNoHeader", "Comma-separated values without a header", ".nh.csv", true),
        new("GenericTSV", "Tab-separated values with a header", ".tsv", true),
        new("GenericTSVNoHeader", "Tab-separated values without a header", ".nh.tsv", true),
        new("PlainText", "Plain text", ".txt", true),
        new("ARFF", "Attribute-relation file", ".arff", true),
        new("SvmLight", "SVMLight", ".svmlight", true),
        new("Zip", "Zip archive", ".zip", true),
        new("RData", "R object or workspace", ".RData", true),
        new("Dataset", "Table", ".dataset", false),
        new("ILearnerDotNet", "Trained model", ".ilearner", false),
        new("ITransformDotNet", "Transform", ".itransform", false),
        new("Any", "Any type", "", false),
    ];

    public static StudioDataType? Find(string? id) =>
        Array.Find(All, type => type.Id.Equals(id, StringComparison.OrdinalIgnoreCase));
}
