using System.Globalization;
using Auspex.Connectors.Tables;
using Auspex.Errors;

namespace Auspex.Experiments.Contracts;

internal sealed partial class ColumnCheck
{
    /// <summary>Reports what was found.</summary>
    public void Report(DifferenceList found)
    {
        if (_cells == 0)
        {
            return;
        }

        ReportUnread(found);

        // A label need not be known of what is to be scored.
        if (_expected.IsRequired)
        {
            ReportMissing(found);
        }

        ReportUnseen(found);
        ReportRange(found);
    }

    private long Filled => _cells - _missing.Count;

    private void ReportUnread(DifferenceList found)
    {
        if (_unread.Count == 0)
        {
            return;
        }

        // Where nothing fits, the column is another one than it should be, and (nearly) every row would be bad. A mostly empty
        // column leaves enough good rows for the job's policy on bad ones.
        var isWrongColumn = _unread.Count == Filled && Filled * 2 >= _cells;
        var kind = CommonestKind();
        found.AddRows(
            ErrorCode.ContractTypeDiffers,
            isWrongColumn,
            _expected.Name,
            $"{CellKinds.Describe(kind, _expected.Field.Type)} in {_unread.Of(Filled, "filled cells")}",
            _expected.DescribeType(),
            CellKinds.Remedy(kind, _expected.Field.Type) + (isWrongColumn ? "" : " Rows with such cells are bad rows."),
            _unread,
            Filled);
    }

    // No LINQ here nor where the report is put into words: it is in no image, and files with a few bad rows would wait for its compilation.
    private CellKind CommonestKind()
    {
        var commonest = 0;
        for (var kind = 1; kind < _kinds.Length; kind++)
        {
            commonest = _kinds[kind] > _kinds[commonest] ? kind : commonest;
        }

        return (CellKind)commonest;
    }

    private void ReportMissing(DifferenceList found)
    {
        var wasEmpty = _expected.Profile is { Rows: > 0 } all && all.Missing == all.Rows;
        var wasComplete = _expected.Profile is { Rows: > 0, Missing: 0 };
        if (_missing.Count == _cells && !wasEmpty)
        {
            found.AddRows(
                ErrorCode.ContractColumnEmpty,
                isError: false,
                _expected.Name,
                string.Create(CultureInfo.InvariantCulture, $"no value in any of {_cells:N0} rows"),
                _expected.Profile is { } profile
                    ? string.Create(CultureInfo.InvariantCulture, $"{_expected.DescribeCells()}; at training {100 * (1 - profile.MissingShare):0.##} % were filled")
                    : _expected.DescribeCells(),
                "Check how the file was made: rows are scored as if nothing were known of this column.",
                _missing,
                _cells);
        }
        else if (_missing.Count > 0 && wasComplete)
        {
            found.AddRows(
                ErrorCode.ContractValuesMissing,
                isError: false,
                _expected.Name,
                $"no value in {_missing.Of(_cells, "rows")}",
                "a value in every row, as at training",
                "Fill them, or train again with such rows: the model has not learned what a missing value means here.",
                _missing,
                _cells);
        }
    }

    private void ReportUnseen(DifferenceList found)
    {
        if (_unseen.Count == 0)
        {
            return;
        }

        var loosely = _unseenButForCase == 0 ? ""
            : string.Create(CultureInfo.InvariantCulture, $"; {_unseenButForCase:N0} of them would be known but for case or blanks");
        found.AddRows(
            ErrorCode.ContractLevelsUnseen,
            isError: !_expected.ScoresUnknownLevels && _unseen.Count == Filled,
            _expected.Name,
            $"levels that training has not seen in {_unseen.Of(Filled, "filled cells")}{loosely}",
            _expected.DescribeCells(),
            (_unseenButForCase > 0 ? "Write levels as at training, case and blanks included. " : "Check the spelling, or train again with such rows. ")
                + (_expected.ScoresUnknownLevels ? "Such cells are scored as unknown." : "Rows with such cells get no score."),
            _unseen,
            Filled);
    }

    // Bounds of training are values of its rows and so are not told.
    private void ReportRange(DifferenceList found)
    {
        if (_above.Count > 0)
        {
            ReportRange(found, "above", _above);
        }

        if (_below.Count > 0)
        {
            ReportRange(found, "below", _below);
        }
    }

    private void ReportRange(DifferenceList found, string side, Hits hits) => found.AddRows(
        ErrorCode.ContractRangeLeft,
        isError: false,
        _expected.Name,
        $"numbers far {side} those of training in {hits.Of(Filled, "filled cells")}",
        "numbers within the range of training, or beyond it by no more than its width",
        _expected.Field.Type is ColumnType.Double or ColumnType.Int32 or ColumnType.Int64
            ? "Check the unit, and that columns have not moved; else train again with such rows."
            : "Check that columns have not moved.",
        hits,
        Filled);
}
