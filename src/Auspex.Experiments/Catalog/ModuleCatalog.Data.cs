using Auspex.Experiments.Modules;

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
        catalog.Add(new NormalizeDataModule());
        catalog.Add(new ApplyTransformationModule());
        catalog.Add(new WebServiceInputModule());
        catalog.Add(new WebServiceOutputModule());
    }
}
