namespace Ticketing.Payments.Gateway;

/// <summary>What is logged about Stripe: never a card token, a secret or a whole body.</summary>
internal static partial class StripeLog
{
    [LoggerMessage(LogLevel.Information, "Stripe refused {Operation} with {Status}: {Type} {Code} ({RequestId})")]
    public static partial void Refused(ILogger logger, string operation, int status, string type, string? code, string? requestId);

    [LoggerMessage(LogLevel.Warning, "Attempt {Number} of payment {PaymentId} is left in the middle ({Step}); it is taken up again later")]
    public static partial void LeftInTheMiddle(ILogger logger, Guid paymentId, int number, Step step, Exception problem);

    [LoggerMessage(LogLevel.Warning, "Stripe keeps answering attempt {Number} with an error of its own and shows no trace of it; it is given up")]
    public static partial void GivenUp(ILogger logger, int number, Exception problem);

    [LoggerMessage(LogLevel.Error, "{Count} payment attempts have waited for their end for more than an hour, the oldest since {Since}")]
    public static partial void Unsettled(ILogger logger, int count, DateTimeOffset since);

    [LoggerMessage(LogLevel.Warning, "A verdict names payment {PaymentId} and intent {IntentId}, which is not waiting for one")]
    public static partial void UnknownVerdict(ILogger logger, Guid? paymentId, string? intentId);

    [LoggerMessage(LogLevel.Warning, "A webhook was refused: {Reason}")]
    public static partial void WebhookRefused(ILogger logger, string reason);

    [LoggerMessage(LogLevel.Warning, "A webhook of {Created:u} is about payment {PaymentId} (intent {IntentId}), which is not known here; it is taken and ignored")]
    public static partial void WebhookUnknown(ILogger logger, Guid paymentId, string? intentId, DateTime created);

    [LoggerMessage(LogLevel.Warning, "A webhook with Stripe's signature cannot be read ({Problem}); reconciliation finds what it told")]
    public static partial void WebhookUnreadable(ILogger logger, string problem);

    [LoggerMessage(LogLevel.Warning,
        "Stripe's events have API version {EventVersion}, and {OwnVersion} is read here: give the webhook endpoint that version. Further ones are only counted")]
    public static partial void WebhookVersion(ILogger logger, string? eventVersion, string ownVersion);
}
