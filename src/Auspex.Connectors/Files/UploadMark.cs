using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Auspex.Connectors.Files;

/// <summary>
/// Writes an upload's id on its file, as a user attribute: it goes along when the file is renamed, so that a committed upload can be
/// told from another file of the same name without anything beside it. Linux only, and not on every file system.
/// </summary>
internal static partial class UploadMark
{
    private const string Name = "user.auspex.upload";
    private const int NoSuchAttribute = 61;
    private const int IdLength = 32;

    /// <summary>Marks a file; one whose file system cannot do that stays without.</summary>
    public static void Set(SafeFileHandle file, Guid uploadId)
    {
        if (OperatingSystem.IsLinux())
        {
            var id = Encoding.ASCII.GetBytes(uploadId.ToString("N", CultureInfo.InvariantCulture));
            _ = SetAttribute(file, Name, id, (nuint)id.Length, 0);
        }
    }

    /// <summary>Whether a file bears an upload's mark; null when marks cannot be kept there.</summary>
    public static bool? IsOn(string location, Guid uploadId)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        var id = new byte[IdLength];
        var length = GetAttribute(location, Name, id, (nuint)id.Length);
        if (length < 0)
        {
            return Marshal.GetLastPInvokeError() == NoSuchAttribute ? false : null;
        }

        return Encoding.ASCII.GetString(id, 0, (int)length) == uploadId.ToString("N", CultureInfo.InvariantCulture);
    }

    [LibraryImport("libc", EntryPoint = "fsetxattr", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetAttribute(SafeFileHandle file, string name, byte[] value, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "getxattr", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial nint GetAttribute(string path, string name, [Out] byte[] value, nuint length);
}
