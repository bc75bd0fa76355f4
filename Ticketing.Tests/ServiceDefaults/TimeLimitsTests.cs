using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Npgsql;
using Shouldly;
using Ticketing.Messaging;
using Ticketing.ServiceDefaults;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.ServiceDefaults;

/// <summary>Every caller waits longer than what it calls may take; and the table of docs/operations.md says how long.</summary>
public sealed partial class TimeLimitsTests
{
    private static readonly Dictionary<string, TimeSpan> Limits = typeof(TimeLimits).GetFields(BindingFlags.Public | BindingFlags.Static)
        .ToDictionary(field => field.Name, field => (TimeSpan)field.GetValue(null)!);

    [Fact]
    public void Each_caller_waits_longer_than_what_it_calls_may_take()
    {
        TimeLimits.HealthCheck.ShouldBeLessThan(TimeSpan.FromSeconds(2), "/health answers within 2 s");
        TimeLimits.Health.ShouldBeGreaterThan(TimeSpan.FromSeconds(2));
        TimeLimits.Keys.ShouldBeGreaterThan(TimeLimits.Connect, "one replica is passed over");
        TimeLimits.Call.ShouldBeGreaterThan(TimeLimits.Connect + TimeLimits.Keys + TimeLimits.DatabaseConnect + TimeLimits.Statement);
        TimeLimits.Statement.ShouldBeGreaterThan(TimeLimits.Lock, "so that it says what it waited for");
        TimeLimits.Stripe.ShouldBeGreaterThan(TimeLimits.StripeConnect);
        TimeLimits.PaymentWork.ShouldBeGreaterThan(2 * TimeLimits.Stripe);
        TimeLimits.PaymentTurn.ShouldBeGreaterThan(TimeLimits.PaymentWork);
        TimeLimits.Payment.ShouldBeGreaterThan(TimeLimits.Call + TimeLimits.PaymentTurn + TimeLimits.PaymentWork);
        new Ticketing.Web.Forwarding.ForwardingOptions().ResponseTimeout.ShouldBeGreaterThanOrEqualTo(TimeLimits.Payment);
        TimeLimits.Publish.ShouldBeGreaterThan(TimeLimits.Broker);
    }

    [Fact]
    public void A_message_with_all_its_attempts_takes_less_than_a_delivery_may_and_that_less_than_the_broker_allows()
    {
        var messaging = new MessagingBuilder();
        var attempt = TimeLimits.DatabaseConnect + TimeLimits.Statement;
        var attempts = messaging.RetryIntervals.Aggregate(attempt, (sum, interval) => sum + interval + attempt);

        attempts.ShouldBeLessThan(messaging.LongestDelivery);
        (messaging.LongestDelivery + ConsumerCircuitBreaker.InHand).ShouldBeLessThan(TimeSpan.FromMinutes(5));
        TimeLimits.RedisScript.ShouldBeLessThan(attempt);
    }

    [Fact]
    public void The_table_of_the_docs_has_every_limit()
    {
        var page = File.ReadAllText(Path.Combine(TestFiles.Root, "docs", "operations.md"));
        var told = Row().Matches(page).ToDictionary(
            row => row.Groups["name"].Value, row => TimeSpan.FromSeconds(double.Parse(row.Groups["seconds"].Value, CultureInfo.InvariantCulture)));

        told.ShouldBe(Limits, ignoreOrder: true);
    }

    [Fact]
    public void A_client_of_the_database_is_given_them_where_the_connection_string_says_nothing_else()
    {
        var settings = new NpgsqlConnectionStringBuilder("Host=h");
        Ticketing.Data.DatabaseExtensions.SetDefaults(settings, "orders");
        (settings.Timeout, settings.CommandTimeout).ShouldBe(((int)TimeLimits.DatabaseConnect.TotalSeconds, (int)TimeLimits.Statement.TotalSeconds));
        settings.Options.ShouldBe($"-c lock_timeout={TimeLimits.Lock.TotalMilliseconds} -c plan_cache_mode=force_generic_plan");

        settings = new NpgsqlConnectionStringBuilder("Host=h;Timeout=3;Command Timeout=4;Options=-c lock_timeout=500");
        Ticketing.Data.DatabaseExtensions.SetDefaults(settings, "orders");
        (settings.Timeout, settings.CommandTimeout, settings.Options).ShouldBe((3, 4, "-c lock_timeout=500"));
    }

    // | `Connect` | 2 | …
    [GeneratedRegex(@"^\| `(?<name>[A-Z][A-Za-z]+)` \| (?<seconds>[0-9.]+) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
