using System.Collections.Frozen;

namespace Auspex.Definitions;

/// <summary>Type names of the 2018-06-01 model and its later additions; matched ignoring case.</summary>
internal static class KnownTypes
{
    /// <summary>Activities, the Synapse ones and version 1's included.</summary>
    public static FrozenSet<string> Activities { get; } = Set(
        """
        AzureMLBatchExecution AzureMLUpdateResource AzureMLExecutePipeline AzureMLBatchScoring Copy Lookup GetMetadata Delete
        Validation WebActivity WebHook AzureFunctionActivity SqlServerStoredProcedure Script Custom HDInsightHive HDInsightPig
        HDInsightMapReduce HDInsightStreaming HDInsightSpark DataLakeAnalyticsU-SQL DatabricksNotebook DatabricksSparkJar
        DatabricksSparkPython DatabricksJob AzureDataExplorerCommand ExecuteDataFlow ExecuteWranglingDataflow ExecuteSSISPackage
        SynapseNotebook SparkJob ExecutePipeline ForEach IfCondition Switch Until Wait SetVariable AppendVariable Filter Fail
        """);

    /// <summary>Linked services.</summary>
    public static FrozenSet<string> LinkedServices { get; } = Set(
        """
        AmazonMWS AmazonRdsForOracle AmazonRdsForSqlServer AmazonRedshift AmazonS3 AmazonS3Compatible AppFigures Asana AzureBatch
        AzureBlobFS AzureBlobStorage AzureDataExplorer AzureDataLakeAnalytics AzureDataLakeStore AzureDatabricks
        AzureDatabricksDeltaLake AzureFileStorage AzureFunction AzureKeyVault AzureML AzureMLService AzureMariaDB AzureMySql
        AzurePostgreSql AzureSearch AzureSqlDW AzureSqlDatabase AzureSqlMI AzureStorage AzureSynapseArtifacts AzureTableStorage
        Cassandra CommonDataServiceForApps Concur CosmosDb CosmosDbMongoDbApi Couchbase CustomDataSource Dataworld Db2 Drill
        Dynamics DynamicsAX DynamicsCrm Eloqua FileServer FtpServer GoogleAdWords GoogleBigQuery GoogleCloudStorage GoogleSheets
        Greenplum HBase HDInsight HDInsightOnDemand Hdfs Hive HttpServer Hubspot Impala Informix Jira LakeHouse Magento MariaDB
        Marketo MicrosoftAccess MongoDb MongoDbAtlas MongoDbV2 MySql Netezza OData Odbc Office365 Oracle OracleCloudStorage
        OracleServiceCloud Paypal Phoenix PostgreSql Presto QuickBooks Quickbase Responsys RestService Salesforce
        SalesforceMarketingCloud SalesforceServiceCloud SapBW SapCloudForCustomer SapEcc SapHana SapOdp SapOpenHub SapTable
        ServiceNow Sftp SharePointOnlineList Shopify Smartsheet Snowflake Spark SqlServer Square Sybase TeamDesk Teradata Twilio
        Vertica Web Xero Zendesk Zoho PostgreSqlV2 SnowflakeV2 SalesforceV2 SalesforceServiceCloudV2 ServiceNowV2
        GoogleBigQueryV2 Warehouse OnPremisesFileServer Sqlite DuckDb
        """);

    /// <summary>Datasets that have a format or are met often; the others end in one of <see cref="DatasetEndings"/>.</summary>
    public static FrozenSet<string> Datasets { get; } = Set(
        """
        DelimitedText Json Parquet Avro Orc Excel Xml Binary Iceberg AzureBlob AzureBlobFSFile AzureDataLakeStoreFile FileShare
        AmazonS3Object HttpFile CustomDataset RestResource ODataResource RelationalTable CosmosDbSqlApiCollection
        DocumentDbCollection AzureSearchIndex SapOpenHubTable WebTable
        """);

    /// <summary>How the names of the remaining datasets end.</summary>
    public static IReadOnlyList<string> DatasetEndings { get; } =
        ["Table", "Object", "Entity", "Resource", "Collection", "Cube", "Path", "Dataset"];

    /// <summary>Triggers.</summary>
    public static FrozenSet<string> Triggers { get; } = Set(
        """
        ScheduleTrigger TumblingWindowTrigger BlobEventsTrigger CustomEventsTrigger BlobTrigger RerunTumblingWindowTrigger
        ChainingTrigger
        """);

    /// <summary>Data flows.</summary>
    public static FrozenSet<string> DataFlows { get; } = Set("MappingDataFlow WranglingDataFlow Flowlet");

    /// <summary>Integration runtimes.</summary>
    public static FrozenSet<string> IntegrationRuntimes { get; } = Set("Managed SelfHosted");

    /// <summary>Credentials.</summary>
    public static FrozenSet<string> Credentials { get; } = Set("ManagedIdentity ServicePrincipal");

    /// <summary>Whether this is the name of a dataset type, or formed like one.</summary>
    public static bool IsDataset(string type) =>
        Datasets.Contains(type) || DatasetEndings.Any(ending => type.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    private static FrozenSet<string> Set(string names) => names
        .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
        .ToFrozenSet(StringComparer.OrdinalIgnoreCase);
}
