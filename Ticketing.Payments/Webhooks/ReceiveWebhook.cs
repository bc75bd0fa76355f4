using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Npgsql;
using Stripe;
using Ticketing.ApiDefaults;
using Ticketing.Payments.Gateway;

namespace Ticketing.Payments.Webhooks;

/// <summary>
/// Stripe's events. They come late, twice and out of order; so an event is only a hint to look. It is written down before
/// the 200, then Stripe is asked how things stand.
/// </summary>
internal static class ReceiveWebhook
{
    /// <summary>How long an event waits for the call that it tells of; Stripe waits much longer for its answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>
    /// For how long after an event its payment may still be on its way to the database that is asked. Afterwards the event is
    /// taken: Stripe sends what is refused for days, and then switches the endpoint off.
    /// </summary>
    private static readonly TimeSpan Young = TimeSpan.FromSeconds(10);

    /// <summary>How far the signature's time may be off; then the event is somebody's copy of an old one.</summary>
    private const long ToleranceSeconds = 300;

    public static async Task<Results<Ok, ProblemHttpResult>> Handle(
        HttpContext context, NpgsqlDataSource database, PaymentLedger ledger, Installation installation, Leases leases, Settler settler,
        IOptions<StripeOptions> options, TimeProvider clock, ILoggerFactory loggers)
    {
        using var body = new StreamReader(context.Request.Body);
        var json = await body.ReadToEndAsync(context.RequestAborted);
        var logger = loggers.CreateLogger(typeof(ReceiveWebhook));
        try
        {
            EventUtility.ValidateSignature(json, context.Request.Headers["Stripe-Signature"].ToString(), options.Value.WebhookSecret,
                ToleranceSeconds, clock.GetUtcNow().ToUnixTimeSeconds());
        }
        catch (StripeException wrong)
        {
            StripeLog.WebhookRefused(logger, wrong.Message);
            return Problems.BadRequest(wrong.Message);
        }

        if (WebhookEvents.Read(json, logger) is not { } hint)
            return TypedResults.Ok();
        if (hint.Installation is { } maker && maker != await installation.GetIdAsync(context.RequestAborted))
        {
            PaymentMetrics.WebhookIgnored("other_installation");
            return TypedResults.Ok();
        }
        // Most events tell of a call of this process, whose answer is just being written down.
        if (ledger.FindRecent(hint.PaymentId) is { } recent)
        {
            if (!hint.IsPast(recent))
                await leases.WaitForCallsBefore(recent.OrderId, Patience, context.RequestAborted);
            if (ledger.FindRecent(hint.PaymentId) is { } written && hint.IsPast(written))
                return TypedResults.Ok();
        }
        if (await ledger.Find(hint.PaymentId, context.RequestAborted) is not { } payment)
        {
            if (clock.GetUtcNow().UtcDateTime - hint.Created < Young)
                return Problems.Unavailable(context, TimeSpan.FromSeconds(1), "This payment is not known here yet.");
            StripeLog.WebhookUnknown(logger, hint.PaymentId, hint.IntentId, hint.Created);
            PaymentMetrics.WebhookIgnored("unknown_payment");
            return TypedResults.Ok();
        }
        if (hint.Names(payment) || !hint.SaysNothingNew(payment))
        {
            await leases.WaitForCallsBefore(payment.OrderId, Patience, context.RequestAborted);
            payment = (await ledger.Find(hint.PaymentId, context.RequestAborted))!;
        }

        // The answer that named the intent may have been lost.
        var named = hint.Names(payment);
        if (named)
            await ledger.Change(payment, current => PaymentDecisions.Named(current, hint.IntentId!), context.RequestAborted);
        else if (hint.SaysNothingNew(payment))
            return TypedResults.Ok();
        await LookNow(database, payment.Id, clock.GetUtcNow(), context.RequestAborted);
        if (!named)
            settler.Wake(payment, hint);
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
}
