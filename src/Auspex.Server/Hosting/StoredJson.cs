using System.Text.Json.Serialization;
using Auspex.Experiments.Models;
using Auspex.Server.Auth;
using Auspex.Server.Callbacks;
using Auspex.Server.Factories;
using Auspex.Server.WebServices;
using Auspex.Server.WebServices.Batch;
using Auspex.Server.WebServices.Models;

namespace Auspex.Server.Hosting;

/// <summary>How this server's own documents are written: members are only ever added.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(TokenDocument))]
[JsonSerializable(typeof(ServerDocument))]
[JsonSerializable(typeof(DefinitionSecretDocument))]
[JsonSerializable(typeof(ServiceDocument))]
[JsonSerializable(typeof(EndpointDocument))]
[JsonSerializable(typeof(ModelVersionDocument))]
[JsonSerializable(typeof(ModelOrigin))]
[JsonSerializable(typeof(JobDocument))]
[JsonSerializable(typeof(JobBody))]
[JsonSerializable(typeof(ScoringCheckpoint))]
[JsonSerializable(typeof(CallbackDocument))]
[JsonSerializable(typeof(CallbackKeyDocument))]
internal sealed partial class StoredJson : JsonSerializerContext;
