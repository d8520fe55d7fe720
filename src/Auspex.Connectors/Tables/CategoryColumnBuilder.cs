using System.Collections.Immutable;
using System.Text;

namespace Auspex.Connectors.Tables;

/// <summary>Collects the codes of levels: those of a given domain, or new ones in the order in which they come.</summary>
public sealed class CategoryColumnBuilder : ColumnBuilder<int>
{
    private readonly Dictionary<string, int>? _found;
    private readonly List<string>? _levels;
    private CategoryDomain? _domain;

    /// <summary>Takes the levels of a domain and refuses others.</summary>
    public CategoryColumnBuilder(CategoryDomain domain, int capacity = 0)
        : base(capacity) => _domain = domain;

    /// <summary>Takes any level; the domain grows with them and stays when the next column is begun.</summary>
    public CategoryColumnBuilder(int capacity = 0)
        : base(capacity)
    {
        _found = new Dictionary<string, int>(StringComparer.Ordinal);
        _levels = [];
    }

    /// <summary>The given domain, or the levels met so far.</summary>
    public CategoryDomain Domain =>
        _domain is { } domain && (_levels is null || domain.Levels.Length == _levels.Count)
            ? domain
            : _domain = new CategoryDomain(_levels!.ToImmutableArray());

    /// <inheritdoc/>
    public override bool TryAppendText(ReadOnlySpan<byte> utf8)
    {
        var code = _levels is null ? _domain!.IndexOf(utf8) : CodeOf(Encoding.UTF8.GetString(utf8));
        if (code < 0)
        {
            return false;
        }

        Append(code);
        return true;
    }

    /// <summary>Appends a level by its text; null is a missing value.</summary>
    /// <exception cref="ArgumentException">The given domain has no such level.</exception>
    public void AppendLevel(string? level)
    {
        if (level is null)
        {
            AppendNull();
            return;
        }

        var code = CodeOf(level);
        Append(code >= 0
            ? code
            : throw new ArgumentException($"A value is none of the column's {_domain!.Levels.Length} levels.", nameof(level)));
    }

    /// <inheritdoc/>
    public override void Append(object? value) => AppendLevel(value switch
    {
        null => null,
        string text => text,
        IFormattable other => other.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        _ => value.ToString(),
    });

    /// <inheritdoc/>
    public override void AppendRange(Column column, int start, int length)
    {
        var source = Fitting<CategoryColumn>(column);
        if (_levels is null && source.Domain.Equals(_domain))
        {
            base.AppendRange(column, start, length);
            return;
        }

        for (var i = start; i < start + length; i++)
        {
            AppendLevel(source.IsNull(i) ? null : source.Domain.Levels[source.Values[i]]);
        }
    }

    private protected override Column MakeColumn(ulong[]? validity) => new CategoryColumn(HandOver(), Count, Domain, validity);

    private protected override void AppendDefault() => Append(-1);

    private int CodeOf(string level)
    {
        if (_levels is null)
        {
            return _domain!.IndexOf(level);
        }

        if (!_found!.TryGetValue(level, out var code))
        {
            code = _levels.Count;
            _levels.Add(level);
            _found.Add(level, code);
        }

        return code;
    }
}
