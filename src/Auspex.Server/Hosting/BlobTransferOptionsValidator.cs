using Auspex.Connectors.ObjectStorage;
using Microsoft.Extensions.Options;

namespace Auspex.Server.Hosting;

/// <summary>Stops the start when a range of <see cref="BlobTransferOptions"/> is not kept.</summary>
[OptionsValidator]
internal sealed partial class BlobTransferOptionsValidator : IValidateOptions<BlobTransferOptions>;
