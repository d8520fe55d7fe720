namespace Auspex.Activities.External.Web;

/// <summary>Addresses that others call when their work is done, and what they sent there.</summary>
/// <remarks>
/// Thread-safe. A call that was answered with success is durable: it is found after a crash, by whoever waits with the same key then.
/// The first call counts; later ones are answered alike and change nothing.
/// </remarks>
public interface ICallbacks
{
    /// <summary>The address for a key, from now on answered; the same for the same key on every call and after a restart. A secret.</summary>
    /// <param name="key">Names the wait.</param>
    /// <param name="until">When the address ends; a call of the same key moves it.</param>
    /// <param name="cancellationToken">Stops waiting for the store.</param>
    Task<Uri> OpenAsync(string key, DateTimeOffset until, CancellationToken cancellationToken);

    /// <summary>Waits for the call.</summary>
    /// <param name="key">As it was opened.</param>
    /// <param name="until">When to stop waiting.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The body of the call, empty when it had none; null when the time is over.</returns>
    Task<string?> WaitAsync(string key, DateTimeOffset until, CancellationToken cancellationToken);
}
