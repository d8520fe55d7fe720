using System.Text.Unicode;
using Auspex.Connectors.Tables;
using Auspex.Errors;

namespace Auspex.Connectors.Formats;

/// <summary>Holds texts that another system wrote against UTF-8.</summary>
internal static class TextCheck
{
    public static void FindInvalid(StringColumn texts, string column, CellFaults faults)
    {
        if (Utf8.IsValid(texts.Data) && !CutsCharacters(texts))
        {
            return;
        }

        for (var row = 0; row < texts.Length; row++)
        {
            if (!texts.IsNull(row) && !Utf8.IsValid(texts.Bytes(row)))
            {
                faults.Add(row, ErrorCode.InvalidText, column, "found bytes that are no UTF-8; expected text. Binary columns are not supported; leave the column out");
            }
        }
    }

    /// <summary>Whether a text begins inside a character, which the check of all texts together does not see.</summary>
    private static bool CutsCharacters(StringColumn texts)
    {
        var data = texts.Data;
        foreach (var offset in texts.Offsets)
        {
            if (offset < data.Length && (data[offset] & 0xC0) == 0x80)
            {
                return true;
            }
        }

        return false;
    }
}
