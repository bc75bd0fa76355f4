using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Dapper;
using Npgsql;
using Stripe;
using Ticketing.Payments.Gateway;

namespace Ticketing.Payments;

/// <summary>
/// The command for after a restore: finds payment intents of ours at Stripe that the database no longer knows, because they
/// came after the backup, and gives their money back. Nobody gets a ticket for them.
/// </summary>
internal sealed partial class ReturnUnknownMoney(
    NpgsqlDataSource database, StripeGateway stripe, Installation installation, ILogger<ReturnUnknownMoney> logger)
{
    /// <summary>Stripe's times are whole seconds of its own clock. What is looked at too much is known.</summary>
    private static readonly TimeSpan ClocksDiffer = TimeSpan.FromMinutes(5);

    private static readonly Argument<DateTimeOffset> Since = new("time") { Description = "The moment of the backup, e.g. 2026-11-21T06:00:00Z", CustomParser = ParseTime };

    private static readonly Option<bool> GiveBack = new("--return") { Description = "Lets their held money go and refunds what was taken" };

    /// <summary>Lists them; with <c>--return</c> it gives the money back. May be repeated.</summary>
    public static Command Command => new("--unknown-money-since", "Lists the payment intents at Stripe that a restored database does not know") { Since, GiveBack };

    /// <summary>Does what <see cref="Command"/> says.</summary>
    public static async Task<int> RunAsync(WebApplication app, ParseResult parsed, CancellationToken cancellationToken)
    {
        var command = ActivatorUtilities.CreateInstance<ReturnUnknownMoney>(app.Services);
        await command.Run(parsed.GetValue(Since), parsed.GetValue(GiveBack), cancellationToken);
        return 0;
    }

    private static DateTimeOffset ParseTime(ArgumentResult argument)
    {
        if (!DateTimeOffset.TryParse(argument.Tokens[0].Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            argument.AddError("--unknown-money-since wants a time, e.g. 2026-11-21T06:00:00Z: the moment of the backup.");
        return time;
    }

    /// <summary>
    /// The unknown intents with money, or that may still get some; not those on which the id of another installation is written.
    /// </summary>
    /// <param name="since">Those made before it are not looked at.</param>
    /// <param name="giveBack">Whether to give the money back.</param>
    public async Task<IReadOnlyList<PaymentIntent>> Run(DateTimeOffset since, bool giveBack, CancellationToken cancellationToken)
    {
        var unknown = new List<PaymentIntent>();
        var self = await installation.GetIdAsync(cancellationToken);
        await foreach (var intent in stripe.ListIntents(cancellationToken))
        {
            if (intent.Created < (since - ClocksDiffer).UtcDateTime)
                break;
            var ours = (intent.Installation() ?? self) == self;
            if (ours && intent.ToView().Funds is not Funds.Over && intent.PaymentId() is { } paymentId
                && !await IsKnown(intent.Id, paymentId, cancellationToken))
            {
                unknown.Add(intent);
            }
        }

        foreach (var intent in unknown)
        {
            var done = "found";
            if (giveBack && intent.ToView().Funds is Funds.Taken)
                done = (await stripe.Refund(intent.Id, cancellationToken)).Refusal is { } refusal ? refusal.Code ?? refusal.Type : "refunded";
            else if (giveBack)
                done = (await stripe.Cancel(intent.Id, cancellationToken)).Refusal is { } refusal ? refusal.Code ?? refusal.Type : "cancelled";
            LogUnknown(intent.Id, intent.Status, intent.Amount, intent.PaymentId()!.Value, done);
        }
        LogDone(unknown.Count, since);
        return unknown;
    }

    /// <summary>A payment of which something is not settled may still find the intent by itself.</summary>
    private async Task<bool> IsKnown(string intentId, Guid paymentId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            """
            SELECT EXISTS (SELECT FROM payments WHERE id = @paymentId AND card_intent_id = @intentId)
                OR EXISTS (SELECT FROM attempts WHERE payment_id = @paymentId AND (intent_id = @intentId OR look_at IS NOT NULL))
            """,
            new { intentId, paymentId }, cancellationToken: cancellationToken));
    }

    [LoggerMessage(LogLevel.Information, "{IntentId} ({Status}, {Amount} minor units) of the unknown payment {PaymentId}: {Done}")]
    private partial void LogUnknown(string intentId, string status, long amount, Guid paymentId, string done);

    [LoggerMessage(LogLevel.Information, "{Count} payment intents since {Since} are not known here")]
    private partial void LogDone(int count, DateTimeOffset since);
}
