using System.Collections.Immutable;
using Auspex.Connectors.Formats;
using Auspex.Connectors.Formats.Compression;
using Auspex.Connectors.Tables;
using Auspex.Errors;
using Auspex.Experiments.Modules;

namespace Auspex.Experiments.Contracts;

/// <summary>
/// Holds the beginning of an input against what a model or web service asks of it. Takes well under a second whatever the
/// input's size, since no more than <see cref="SampleLimits"/> is read.
/// </summary>
public static class InputCheck
{
    /// <summary>Checks a delimited text.</summary>
    /// <param name="contract">What is asked.</param>
    /// <param name="stream">
    /// At the start of the file. No more of it is read than the sample; it is left open where reading ended.
    /// </param>
    /// <param name="options">
    /// How the file will be read: name, delimiter, quotes, header, encoding, markers of missing values. Schema, projection and
    /// part are of no matter here.
    /// </param>
    /// <param name="limits">How much to look at; null for <see cref="SampleLimits.Default"/>.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>The differences; none of them is thrown.</returns>
    /// <exception cref="TableFormatException">The options name an encoding that there is not.</exception>
    public static async Task<ContractReport> RunAsync(
        InputContract contract,
        Stream stream,
        DelimitedTextOptions options,
        SampleLimits? limits,
        CancellationToken cancellationToken)
    {
        limits ??= SampleLimits.Default;
        var found = new DifferenceList();
        var bytes = await SampleBytes.ReadAsync(stream, options.EncodingName, Math.Max(1, limits.Bytes), cancellationToken);
        var sample = new InputSample { Bytes = bytes.BytesRead, IsWhole = bytes.IsWhole, Delimiter = options.Delimiter };
        if (RowRules.CheckBytes(bytes, options, found))
        {
            try
            {
                sample = await TextSample.ReadAsync(bytes, options, Math.Max(1, limits.Rows), cancellationToken);
                Check(contract, sample, found);
            }
            catch (TableFormatException exception) when (exception.Code != ErrorCode.UnknownEncoding)
            {
                // Names in quotes parted by semicolons are broken quotes to whoever looks for commas.
                if (!new HeaderRules(contract, sample, found).IsOtherDelimiter(bytes.Line(options.SkipLines)))
                {
                    RowRules.AddUnreadable(exception, found);
                }
            }
        }

        return Report(options.Name, contract, sample, found);
    }

    /// <summary>Checks a table whose columns have types already.</summary>
    /// <param name="contract">What is asked.</param>
    /// <param name="source">Read from its start, batch by batch until there are enough rows; not disposed.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="limits">How much to look at; null for <see cref="SampleLimits.Default"/>.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public static Task<ContractReport> RunAsync(
        InputContract contract, ITableSource source, string name, SampleLimits? limits, CancellationToken cancellationToken) =>
        RunAsync(contract, source, name, limits, [], cancellationToken);

    private static async Task<ContractReport> RunAsync(
        InputContract contract,
        ITableSource source,
        string name,
        SampleLimits? limits,
        ImmutableHashSet<string> asText,
        CancellationToken cancellationToken)
    {
        var mostRows = Math.Max(1, (limits ?? SampleLimits.Default).Rows);
        var batches = ImmutableArray.CreateBuilder<SampleBatch>();
        var rows = 0;
        var isWhole = true;
        await foreach (var batch in source.ReadAsync(cancellationToken))
        {
            var taken = Math.Min(batch.RowCount, mostRows - rows);
            isWhole = taken == batch.RowCount;
            if (taken > 0)
            {
                var table = isWhole ? batch : batch.Take([.. Enumerable.Range(0, taken)]);
                batches.Add(new SampleBatch(table, [.. Enumerable.Range(rows + 1, taken).Select(row => (long)row)]));
                rows += taken;
            }

            if (!isWhole)
            {
                break;
            }
        }

        var sample = new InputSample
        {
            Columns = [.. source.Schema.Fields.Select(field => field.Name)],
            Schema = source.Schema,
            AsText = asText,
            Batches = batches.ToImmutable(),
            IsWhole = isWhole,
        };
        var found = new DifferenceList();
        Check(contract, sample, found);
        return Report(name, contract, sample, found);
    }

    /// <summary>Checks a table file of any format that its name says; packed text is unpacked.</summary>
    /// <param name="contract">What is asked.</param>
    /// <param name="path">The name that says the format.</param>
    /// <param name="open">Opens the file from its beginning.</param>
    /// <param name="options">Its name in messages and the markers of missing values.</param>
    /// <param name="limits">How much to look at; null for <see cref="SampleLimits.Default"/>.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="TableFormatException">The file is damaged, or it is none of that format.</exception>
    public static async Task<ContractReport> RunFileAsync(
        InputContract contract,
        string path,
        Func<CancellationToken, Task<Stream>> open,
        TableReadOptions options,
        SampleLimits? limits,
        CancellationToken cancellationToken)
    {
        if (TableFileFormat.Find(path) is null or { Kind: TableFileKind.DelimitedText })
        {
            var text = DelimitedTextOptions.ForPath(path) with { Name = options.Name, MissingMarkers = options.MissingMarkers };
            await using var stream = TextCompression.ForPath(path).Compression == FileCompression.None
                ? await open(cancellationToken)
                : await TextCompression.OpenReadAsync(await open(cancellationToken), options.Name, cancellationToken);
            return await RunAsync(contract, stream, text, limits, cancellationToken);
        }

        // What scoring would convert by way of its text is looked at as text.
        var asText = ImmutableHashSet.CreateBuilder<string>(StringComparer.Ordinal);
        await using var source = await TableFile.OpenReadAsync(
            path,
            open,
            options with
            {
                ExtraColumns = ExtraColumns.Include,
                OnBadRow = _ => BadRowAction.Skip,
                ChooseSchema = own => new TableSchema([.. own.Fields.Select(field =>
                {
                    var expected = contract.Columns.FirstOrDefault(column => column.Name == field.Name);
                    if (expected is null || expected.Takes(field))
                    {
                        return field;
                    }

                    asText.Add(field.Name);
                    return new TableField { Name = field.Name, Type = ColumnType.String };
                })]),
            },
            cancellationToken);
        return await RunAsync(contract, source, options.Name, limits, asText.ToImmutable(), cancellationToken);
    }

    private static void Check(InputContract contract, InputSample sample, DifferenceList found)
    {
        if (!new HeaderRules(contract, sample, found).Check())
        {
            return;
        }

        RowRules.Check(sample, found);
        var places = sample.Columns.Select((name, index) => KeyValuePair.Create(name, index)).ToDictionary(StringComparer.Ordinal);
        foreach (var expected in contract.Columns)
        {
            if (places.TryGetValue(expected.Name, out var place)
                && Prepare(
                    contract, expected, sample.AsText.Contains(expected.Name) ? null : sample.Schema?.Fields[place], found) is { } check)
            {
                foreach (var (table, rowNumbers) in sample.Batches)
                {
                    check.Add(table.Columns[place], rowNumbers);
                }

                check.Report(found);
            }
        }
    }

    /// <summary>Null when a table's column is of a type that scoring would refuse; that is reported.</summary>
    private static ColumnCheck? Prepare(InputContract contract, ColumnExpectation expected, TableField? field, DifferenceList found)
    {
        try
        {
            if (field is null || !contract.IsExact || expected.Takes(field))
            {
                return new ColumnCheck(expected, field);
            }
        }
        catch (ModuleException refused) when (refused.Number == 17)
        {
            // Said below, in the words of this report.
        }

        found.Error(
            ErrorCode.ContractTypeDiffers,
            expected.Name,
            $"a column of {ColumnExpectation.Describe(field!.Type)}",
            expected.DescribeType(),
            "Convert the column, and see that columns have not moved.");
        return null;
    }

    private static ContractReport Report(string name, InputContract contract, InputSample sample, DifferenceList found) => new()
    {
        Input = name,
        Contract = contract,
        Differences = found.Sort(),
        Rows = sample.Rows,
        Bytes = sample.Bytes,
        IsWhole = sample.IsWhole,
    };
}
