using System.Collections.Immutable;
using System.Text.Json;
using Auspex.Connectors.Formats;
using Auspex.Connectors.ObjectStorage;
using Auspex.Experiments.WebServices;
using Auspex.Server.Api;
using Auspex.Server.WebServices.Scoring;

namespace Auspex.Server.WebServices.Batch;

/// <summary>Reads and checks the body of a batch submission, so that what cannot work is refused before it is a job.</summary>
internal sealed class JobSubmissionReader(BlobFetcher blobs, string defaultFolder)
{
    /// <exception cref="ServiceErrorException">400, with the sub-code that says what does not fit.</exception>
    public JobBody Read(JsonElement body, ServiceSignature signature)
    {
        if (body.ValueKind is not (JsonValueKind.Object or JsonValueKind.Undefined))
        {
            throw ServiceErrors.RequestBodyInvalid(
                "The request body is no JSON object; expected one with 'Inputs', 'Outputs' and 'GlobalParameters'.");
        }

        return new JobBody(
            ReadInputs(body, signature),
            ReadOutputs(body, signature),
            GlobalParameters.Read(body.Member("GlobalParameters"), signature),
            ReadBadRows(body.Member("BadRows")))
        {
            DriftReport = ReadDriftReport(body.Member("DriftReport")),
            Challengers = ReadChallengers(body.Member("Challengers")),
        };
    }

    // Additions of ours too.
    private static bool? ReadDriftReport(JsonElement given) => !given.IsGiven() ? null : given.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw ServiceErrors.RequestBodyInvalid("'DriftReport' is neither true nor false."),
    };

    private static ImmutableArray<int>? ReadChallengers(JsonElement given)
    {
        if (!given.IsGiven())
        {
            return null;
        }

        return given.ValueKind == JsonValueKind.Array && given.GetArrayLength() <= EndpointChanges.MostChallengers && given.EnumerateArray().All(number => number.ValueKind == JsonValueKind.Number && number.TryGetInt32(out _))
            ? [.. given.EnumerateArray().Select(number => number.GetInt32()).Distinct()]
            : throw ServiceErrors.RequestBodyInvalid($"'Challengers' is no array of at most {EndpointChanges.MostChallengers} version numbers; expected one such as [3], or [] for none.");
    }

    // An addition of ours, such as {"Policy": "quarantine", "Limit": "0.5%", "MaxRecordBytes": 67108864}.
    private static BadRowPolicy? ReadBadRows(JsonElement given)
    {
        if (!given.IsGiven())
        {
            return null;
        }

        if (given.ValueKind != JsonValueKind.Object)
        {
            throw ServiceErrors.RequestBodyInvalid("'BadRows' is no JSON object; expected one such as {\"Policy\": \"quarantine\", \"Limit\": \"0.5%\"}.");
        }

        var limit = given.Member("Limit");
        var longest = given.Member("MaxRecordBytes");
        return !BadRowPolicy.TryParse(given.Text("Policy"), limit.IsGiven() ? limit.ToString() : null, out var policy, out var problem)
            || !BadRowPolicy.TryParseRecordBytes(longest.IsGiven() ? longest.ToString() : null, out var bytes, out problem)
            ? throw ServiceErrors.RequestBodyInvalid($"'BadRows': {problem}")
            : policy with { MaxRecordBytes = bytes };
    }

    private Dictionary<string, BlobReference> ReadInputs(JsonElement body, ServiceSignature signature)
    {
        var single = body.Member("Input");
        var many = body.Member("Inputs");
        var accepted = signature.Inputs.Length == 0 ? "none" : string.Join(", ", signature.Inputs.Select(input => input.Name));
        var inputs = new Dictionary<string, BlobReference>(StringComparer.Ordinal);
        if (single.IsGiven())
        {
            if (many.IsGiven())
            {
                throw ServiceErrors.BadArgument(
                    "DuplicateInputInBatchCall",
                    "The batch request is invalid. It cannot specify both a single and multiple inputs. Please remove one of 'Input' and 'Inputs' and try again.");
            }

            if (signature.Inputs.Length > 1)
            {
                throw ServiceErrors.InvalidOperation(
                    "MultipleInputsNotAllowed",
                    $"The service has several inputs ({accepted}); 'Input' is for services with one. Use 'Inputs'.");
            }

            if (signature.Inputs.Length == 0)
            {
                throw TooMany(accepted);
            }

            inputs[signature.Inputs[0].Name] = ReadInput(single, signature.Inputs[0]);
        }
        else if (many.IsGiven())
        {
            foreach (var member in Members(many, "Inputs"))
            {
                var input = Find(signature, member.Name) ?? throw TooMany(accepted);
                if (member.Value.IsGiven())
                {
                    inputs[input.Name] = ReadInput(member.Value, input);
                }
            }
        }

        var missing = signature.Inputs.Where(input => !inputs.ContainsKey(input.Name)).Select(input => input.Name).ToList();
        return missing.Count == 0
            ? inputs
            : throw ServiceErrors.BadArgument(
                "BatchJobInputsNotSpecified",
                $"The following required input(s) were not specified with the request: {string.Join(", ", missing)}. Please ensure that all input data is specified and try again.");
    }

    private Dictionary<string, BlobReference> ReadOutputs(JsonElement body, ServiceSignature signature)
    {
        var single = body.Member("Output");
        var many = body.Member("Outputs");
        var outputs = new Dictionary<string, BlobReference>(StringComparer.Ordinal);
        if (single.IsGiven())
        {
            if (many.IsGiven() || signature.Outputs.Length != 1)
            {
                throw ServiceErrors.BadArgument(
                    "InvalidOutputOverrideName",
                    "'Output' is for services with one output, and only without 'Outputs'. Use 'Outputs'.");
            }

            outputs[signature.Outputs[0].Name] = ReadOutput(single, signature.Outputs[0]);
        }
        else if (many.IsGiven())
        {
            foreach (var member in Members(many, "Outputs"))
            {
                var output = signature.Outputs.FirstOrDefault(output => output.Name == member.Name)
                    ?? throw ServiceErrors.BadArgument(
                        "InvalidOutputOverrideName",
                        $"The output override name is invalid: {ServiceErrors.Shorten(member.Name)}. The service has no output with this name; names are case-sensitive. Outputs of this service: {string.Join(", ", signature.Outputs.Select(port => port.Name))}.");
                outputs[output.Name] = ReadOutput(member.Value, output);
            }
        }

        // In the order of the signature, as results are listed later.
        return signature.Outputs.ToDictionary(
            output => output.Name, output => outputs.GetValueOrDefault(output.Name) ?? DefaultPlace(output), StringComparer.Ordinal);
    }

    private BlobReference DefaultPlace(ServicePort output) => StorageAddresses.InFolder(
        defaultFolder, $"experimentoutput/{Guid.NewGuid()}/{Guid.NewGuid()}{TableFormats.Default(output.Type)}");

    private BlobReference ReadInput(JsonElement json, ServicePort input)
    {
        var what = $"input '{input.Name}'";
        var reference = BlobReferenceReader.Read(json, what, "MissingInputBlobInformation");
        TableFormats.Check(reference.RelativeLocation!, input.Type, isInput: true);
        CheckOpens(reference, what);
        return reference;
    }

    private BlobReference ReadOutput(JsonElement json, ServicePort output)
    {
        var what = $"output '{output.Name}'";
        var reference = BlobReferenceReader.Read(json, what, "MissingOutputOverrideSpecification");
        TableFormats.Check(reference.RelativeLocation!, output.Type, isInput: false);
        CheckOpens(reference, what);
        return reference;
    }

    private void CheckOpens(BlobReference reference, string what)
    {
        try
        {
            blobs.OpenStore(reference);
        }
        catch (BlobStoreException e)
        {
            throw ServiceErrors.BadArgument(
                reference.ConnectionString is null || e.Error != BlobError.Invalid ? "InvalidBlob" : "InvalidBlobConnectionString",
                $"The blob reference of {what} cannot be used. {e.Message}");
        }
    }

    private static JsonElement.ObjectEnumerator Members(JsonElement map, string name) =>
        map.ValueKind == JsonValueKind.Object
            ? map.EnumerateObject()
            : throw ServiceErrors.RequestBodyInvalid($"'{name}' is no JSON object; expected one with a member per name.");

    private static ServicePort? Find(ServiceSignature signature, string name)
    {
        var exact = signature.Inputs.FirstOrDefault(input => input.Name == name);
        if (exact is not null)
        {
            return exact;
        }

        var similar = signature.Inputs.Where(input => input.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).ToList();
        return similar.Count == 1 ? similar[0] : null;
    }

    private static ServiceErrorException TooMany(string accepted) => ServiceErrors.BadArgument(
        "BatchJobInputsTooManySpecified",
        $"The request specified other or more inputs than the service defines. List of accepted input(s): {accepted}. Please ensure that all input data is specified correctly and try again.");
}
