using System.Text.Json;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Npgsql;
using Ticketing.ServiceDefaults;

namespace Ticketing.Payments;

/// <summary>
/// Stripe's events. They come late, twice and out of order; so an event is only a hint to look. It is written down before
/// the 200, then Stripe is asked how things stand.
/// </summary>
internal static class ReceiveWebhook
{
    /// <summary>How long an event waits for the call that it tells of; Stripe waits much longer for its answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public static async Task<Results<Ok, ProblemHttpResult>> Handle(
        HttpContext context, NpgsqlDataSource database, PaymentLedger ledger, Leases leases, Settler settler, IOptions<StripeOptions> options,
        TimeProvider clock, ILoggerFactory loggers)
    {
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer, context.RequestAborted);
        var body = buffer.ToArray();
        if (StripeSignature.Check(context.Request.Headers["Stripe-Signature"], body, options.Value.WebhookSecret, clock.GetUtcNow()) is { } wrong)
        {
            StripeLog.WebhookRefused(loggers.CreateLogger(typeof(ReceiveWebhook)), wrong);
            return Problems.BadRequest(wrong);
        }

        if (Read(body) is not { } hint)
            return TypedResults.Ok();
        if (await ledger.Find(hint.PaymentId, context.RequestAborted) is not { } payment)
            return Problems.Unavailable(context, TimeSpan.FromSeconds(1), "This payment is not known here yet.");
        if (hint.Names(payment) || !hint.SaysNothingNew(payment))
        {
            // In most cases it tells of a call of ours whose answer is just being written down.
            await leases.WaitForCallsBefore(payment.OrderId, Patience, context.RequestAborted);
            payment = (await ledger.Find(hint.PaymentId, context.RequestAborted))!;
        }

        // The answer that named the intent may have been lost.
        var named = hint.Names(payment);
        if (named)
            await ledger.Change(payment.Id, current => PaymentDecisions.Named(current, hint.IntentId!), context.RequestAborted);
        else if (hint.SaysNothingNew(payment))
            return TypedResults.Ok();
        await LookNow(database, payment.Id, clock.GetUtcNow(), context.RequestAborted);
        if (!named)
            settler.Wake(payment.Id, hint);
        return TypedResults.Ok();
    }

    /// <summary>So that reconciliation comes to it if this process does not.</summary>
    private static async Task LookNow(NpgsqlDataSource database, Guid paymentId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "UPDATE attempts SET look_at = @soon WHERE payment_id = @paymentId AND look_at > @soon",
            new { paymentId, soon = now + TimeSpan.FromSeconds(1) }, cancellationToken: cancellationToken));
    }

    /// <summary>What the event is about; null when it is none of ours.</summary>
    private static WebhookHint? Read(byte[] body)
    {
        try
        {
            var @event = JsonSerializer.Deserialize<StripeEvent>(body, JsonSerializerOptions.Web);
            var thing = @event?.Data?.Object;
            return @event is { Type: { } type } && (type.StartsWith("payment_intent.", StringComparison.Ordinal) || type.StartsWith("checkout.session.", StringComparison.Ordinal))
                && Guid.TryParse(thing?.Metadata?.GetValueOrDefault("payment_id"), out var paymentId)
                    ? new WebhookHint(paymentId,
                        int.TryParse(thing!.Metadata!.GetValueOrDefault("attempt"), out var attempt) ? attempt : null,
                        type.StartsWith("payment_intent.", StringComparison.Ordinal) ? thing.Id : null,
                        thing.Status,
                        type == "payment_intent.payment_failed")
                    : null;
        }
        catch (JsonException)
        {
            // Signed by Stripe, so not ours to understand.
            return null;
        }
    }

    private sealed record StripeEvent(string? Type, StripeEventData? Data);

    private sealed record StripeEventData(StripeEventObject? Object);

    private sealed record StripeEventObject(string? Id, string? Status, Dictionary<string, string>? Metadata);
}

/// <summary>What an event says about a payment.</summary>
/// <param name="Attempt">The checkout attempt; null for the card intent.</param>
/// <param name="IntentId">The intent; null when the event is about a session.</param>
/// <param name="Status">Of the intent or session when the event happened.</param>
/// <param name="Refused">Whether a card was refused.</param>
internal sealed record WebhookHint(Guid PaymentId, int? Attempt, string? IntentId, string? Status, bool Refused)
{
    /// <summary>Whether it names the payment's intent, which is not known yet. A late event may be about an earlier one.</summary>
    public bool Names(Payment payment) =>
        this is { Attempt: null, IntentId: not null } && payment is { CardIntentId: null, NewestCard.Live: true }
        && !payment.Attempts.Exists(attempt => attempt.IntentId == IntentId);

    /// <summary>Whether the payment has come at least that far by itself, as it has for most events.</summary>
    public bool SaysNothingNew(Payment payment)
    {
        var attempt = Attempt is { } number
            ? payment.Attempts.Find(candidate => candidate.Number == number)
            : payment.Attempts.FindLast(candidate => candidate.Kind is AttemptKind.Card && candidate.IntentId == IntentId);
        return attempt is null || attempt.Settled || Status switch
        {
            "requires_capture" or "complete" => attempt.State is AttemptState.Authorized,
            "requires_payment_method" when Refused && attempt.Kind is AttemptKind.Checkout => false,
            "requires_payment_method" or "requires_confirmation" => attempt.State is not AttemptState.RequiresAction,
            "requires_action" => attempt.State is AttemptState.RequiresAction,
            _ => false,
        };
    }
}
