using System.Globalization;
using Auspex.Activities.Datasets;
using Auspex.Activities.Datasets.Files;
using Auspex.Engine.Dispatch;

namespace Auspex.Activities.DataMovement.Reading;

/// <summary>What reading from a REST service and writing to one have in common.</summary>
internal static class RestResource
{
    /// <summary>How long an answer may take where nothing is said.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(100);

    /// <summary>The service, and the address of a dataset of it.</summary>
    /// <exception cref="ActivityException">The linked service is none of a REST service.</exception>
    public static (HttpRequests Requests, string Address) Open(DataServices services, ActivityAttempt attempt, ResolvedDataset dataset)
    {
        if (!dataset.Store.Type.Equals("RestService", StringComparison.OrdinalIgnoreCase))
        {
            throw ActivityFailures.Unsupported(
                $"The linked service type '{dataset.Store.Type}' of '{dataset.Store.Name}' is not supported for dataset '{dataset.Name}'; expected RestService.");
        }

        var address = HttpRequests.Join(dataset.Store.Required("url"), dataset.Text("relativeUrl") ?? "");
        return (
            new HttpRequests(services.Http, dataset.Store, services.Clock),
            services.Addresses.Redirect(attempt.Factory, address));
    }

    /// <summary>The time between two requests: milliseconds in today's form, a time span in earlier ones.</summary>
    public static TimeSpan Pause(PropertyReader settings)
    {
        var text = settings.Text("requestInterval");
        return text is null ? TimeSpan.Zero
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
                ? TimeSpan.FromMilliseconds(milliseconds)
            : settings.Duration("requestInterval") ?? TimeSpan.Zero;
    }
}
