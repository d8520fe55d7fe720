using Auspex.Errors;

namespace Auspex.Library;

/// <summary>What went wrong with a model, an experiment or a file; the message says what was found, what was expected and where.</summary>
/// <remarks>
/// Thrown by everything here, beside <see cref="IOException"/> for files that cannot be opened,
/// <see cref="ArgumentException"/> for arguments that no data can make right, and <see cref="OperationCanceledException"/>. Messages hold no value of a row.
/// </remarks>
public sealed class LibraryException : Exception
{
    internal LibraryException(string code, string message, Exception? inner)
        : base(message, inner) => Code = code;

    /// <summary>The stable code, such as <c>AUX4201</c>; the program and its documentation use the same.</summary>
    public string Code { get; }
}

/// <summary>Turns the errors of the parts beneath into the library's.</summary>
internal static class Errors
{
    public static T Translate<T>(Func<T> call)
    {
        try
        {
            return call();
        }
        catch (AuspexException exception)
        {
            throw Of(exception);
        }
    }

    public static async Task<T> TranslateAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (AuspexException exception)
        {
            throw Of(exception);
        }
    }

    private static LibraryException Of(AuspexException exception) => new(exception.Code.Value, exception.Message, exception);
}
