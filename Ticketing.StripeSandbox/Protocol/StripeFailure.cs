using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Ticketing.StripeSandbox.Protocol;

/// <summary>The inside of Stripe's <c>{"error": {…}}</c>; what is null is left out.</summary>
internal sealed record StripeError(string Type, string Message)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Code { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? DeclineCode { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Param { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Charge { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonNode? PaymentIntent { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonNode? PaymentMethod { get; init; }
}

/// <summary>An answer other than 200.</summary>
internal sealed class StripeFailure(int status, StripeError error) : Exception(error.Message)
{
    public int Status { get; } = status;

    public StripeError Error { get; } = error;

    /// <summary>Whether the work was begun, so that its changes stay and the answer is kept under the idempotency key.</summary>
    public bool Executed { get; init; }

    public static StripeFailure BadParameter(string message, string parameter, string? code = null) =>
        new(400, new("invalid_request_error", message) { Param = parameter, Code = code });

    public static StripeFailure Missing(string parameter) =>
        BadParameter($"Missing required param: {parameter}.", parameter, "parameter_missing");

    public static StripeFailure NoSuch(string kind, string id, string parameter = "id") =>
        new(404, new("invalid_request_error", $"No such {kind}: '{id}'") { Code = "resource_missing", Param = parameter });

    public static StripeFailure UnexpectedState(string message, JsonNode? intent = null) =>
        new(400, new("invalid_request_error", message) { Code = "payment_intent_unexpected_state", PaymentIntent = intent })
        {
            Executed = true,
        };

    public static StripeFailure BadKey(string message) => new(401, new("invalid_request_error", message));

    public static StripeFailure OtherUse(string message) => new(400, new("idempotency_error", message));

    public static StripeFailure KeyInUse(string key) =>
        new(409, new("idempotency_error",
            $"There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): {key}. Please try again later.")
        {
            Code = "idempotency_key_in_use",
        });
}
