using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Shouldly;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Payments;

public sealed class UnsettledAlarmTests(PaymentsFixture fixture) : PaymentsTests(fixture)
{
    [Fact]
    public async Task A_payment_that_waits_for_more_than_an_hour_raises_an_alarm_until_it_is_settled()
    {
        using var log = new RecordedLog(LogLevel.Error);
        Payments.Services.GetRequiredService<ILoggerFactory>().AddProvider(log);
        using var metrics = new MeasuredService(Payments.Services);
        var order = await PlaceAsync();
        await PaidAsync(order);
        var authorized = await AuthorizedAsync(order);
        Platform.Clock.Turn(TimeSpan.FromMinutes(50));
        await Eventually.HoldsAsync(() => Task.FromResult(metrics.Of("ticketing.payments.oldest_unsettled") >= 3000), "it is seen to wait");
        (await HealthAsync()).ShouldBe("Healthy");
        metrics.Of("ticketing.payments.unsettled").ShouldBe(0);

        Platform.Clock.Turn(TimeSpan.FromMinutes(11));

        await Eventually.BecomesAsync(HealthAsync, "Degraded");
        metrics.Of("ticketing.payments.unsettled").ShouldBe(1);
        await Eventually.HoldsAsync(() => Task.FromResult(log.Messages.Any(message => message.StartsWith("1 payment attempts have waited"))),
            "the log says so as an error");

        await CompleteAsync(authorized, order);
        await BecomesAsync(order, Ticketing.Contracts.PaymentStatus.Captured);
        Platform.Clock.Turn(TimeSpan.FromMinutes(1));
        await Eventually.BecomesAsync(HealthAsync, "Healthy");
        metrics.Of("ticketing.payments.oldest_unsettled").ShouldBe(0);
    }

    private async Task<string> HealthAsync()
    {
        using var client = Payments.Anonymous();
        return JsonNode.Parse(await client.GetStringAsync("/health"))!["checks"]!["settlement"]!["status"]!.ToString();
    }
}
