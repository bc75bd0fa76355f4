namespace Ticketing.StripeSandbox.Protocol;

/// <summary>An answer other than 200.</summary>
internal sealed class StripeFailure(int status, StripeError error) : Exception(error.Message)
{
    public int Status => status;

    public StripeError Error => error;

    /// <summary>Whether the work was begun, so that its changes stay and the answer is kept under the idempotency key.</summary>
    public bool Executed { get; init; }

    public static StripeFailure Invalid(int status, string message, string? code = null, string? parameter = null) =>
        new(status, new() { Type = "invalid_request_error", Message = message, Code = code, Param = parameter });

    public static StripeFailure BadParameter(string message, string parameter, string? code = null) =>
        Invalid(400, message, code, parameter);

    public static StripeFailure Missing(string parameter) =>
        BadParameter($"Missing required param: {parameter}.", parameter, "parameter_missing");

    public static StripeFailure NoSuch(string type, string id, string parameter) =>
        Invalid(404, $"No such {type}: '{id}'", "resource_missing", parameter);

    public static StripeFailure UnexpectedState(string message, PaymentIntent intent) => new(400, new()
    {
        Type = "invalid_request_error",
        Message = message,
        Code = "payment_intent_unexpected_state",
        PaymentIntent = intent,
    })
    { Executed = true };

    public static StripeFailure Idempotency(int status, string message, string? code = null) =>
        new(status, new() { Type = "idempotency_error", Message = message, Code = code });

    public static StripeFailure Card(string message, string? code = null, string? declineCode = null, string? parameter = null) =>
        new(402, new() { Type = "card_error", Message = message, Code = code, DeclineCode = declineCode, Param = parameter });
}
