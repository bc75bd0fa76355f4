using System.Diagnostics;
using System.Diagnostics.Metrics;
using Ticketing.ServiceDefaults;

namespace Ticketing.Payments;

/// <summary>What became of the payments, counted after the commit, and how Stripe does.</summary>
internal static class PaymentMetrics
{
    private static readonly Counter<long> Changes = Telemetry.Meter.CreateCounter<long>(
        "ticketing.payments", "{payment}", "Payments by the state that they came into.");

    private static readonly Histogram<double> CaptureTime = Telemetry.Meter.CreateHistogram<double>(
        "ticketing.payments.authorization_to_capture", "s", "How long held money waited until it was taken.");

    private static readonly Histogram<double> StripeCalls = Telemetry.Meter.CreateHistogram<double>(
        "ticketing.stripe.request.duration", "s", "How long a call to Stripe took; error.type says what went wrong.");

    private static readonly Counter<long> VersionMismatches = Telemetry.Meter.CreateCounter<long>(
        "ticketing.payments.webhook.version_mismatch", "{event}", "Stripe's events of an API version that the code was not made for.");

    private static readonly Counter<long> WakesDropped = Telemetry.Meter.CreateCounter<long>(
        "ticketing.payments.wakes_dropped", "{payment}", "Payments that were to be carried on at once and are left to reconciliation, since too many waited.");

    private static readonly Counter<long> WebhooksIgnored = Telemetry.Meter.CreateCounter<long>(
        "ticketing.payments.webhook.ignored", "{event}", "Stripe's events of payments that are not ours, by the reason to ignore them.");

    public static void Saved(Decision decision, DateTimeOffset at)
    {
        if (decision.Event is PaymentEvent.None)
            return;
        var state = decision.Event.ToString().ToLowerInvariant();
        Changes.Add(1, new KeyValuePair<string, object?>("ticketing.payment.state", state));
        if (decision.Event is PaymentEvent.Captured && decision.Payment.Number(decision.Number).AuthorizedAt is { } since)
            CaptureTime.Record((at - since).TotalSeconds);
    }

    /// <param name="version">Of the API, as the event has it.</param>
    public static void OtherVersion(string version) =>
        VersionMismatches.Add(1, new KeyValuePair<string, object?>("ticketing.stripe.api_version", version));

    public static void WakeDropped() => WakesDropped.Add(1);

    /// <param name="reason"><c>unknown_payment</c> or <c>other_installation</c>.</param>
    public static void WebhookIgnored(string reason) =>
        WebhooksIgnored.Add(1, new KeyValuePair<string, object?>("ticketing.webhook.reason", reason));

    /// <param name="operation">Which call, e.g. <c>capture</c>.</param>
    /// <param name="duration">From asking to the end of the answer.</param>
    /// <param name="error">Null, the type of Stripe's refusal, <c>rate_limited</c>, <c>unavailable</c> or <c>no_answer</c>.</param>
    public static void Called(string operation, TimeSpan duration, string? error)
    {
        var tags = new TagList { { "ticketing.stripe.operation", operation } };
        if (error is not null)
            tags.Add("error.type", error);
        StripeCalls.Record(duration.TotalSeconds, tags);
    }
}
