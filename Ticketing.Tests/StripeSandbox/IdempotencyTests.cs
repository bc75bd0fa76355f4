using Shouldly;
using Xunit;

namespace Ticketing.Tests.StripeSandbox;

public sealed class IdempotencyTests(Sandbox sandbox) : IClassFixture<Sandbox>
{
    [Fact]
    public async Task The_same_key_gets_the_first_answer_again()
    {
        var first = (await sandbox.CreateIntentAsync("&metadata[a]=1&metadata[b]=2", key: "same")).Ok();

        var again = (await sandbox.CreateIntentAsync("&metadata[b]=2&metadata[a]=1", key: "same")).Ok();

        again.Id.ShouldBe(first.Id);
        first.Replayed.ShouldBeFalse();
        again.Replayed.ShouldBeTrue();
    }

    [Fact]
    public async Task A_decline_is_replayed_too()
    {
        var intent = (await sandbox.CreateIntentAsync()).Ok();
        await sandbox.ConfirmAsync(intent.Id, "tok_chargeDeclined", key: "decline");

        var again = await sandbox.ConfirmAsync(intent.Id, "tok_chargeDeclined", key: "decline");

        again.Status.ShouldBe(402);
        again.Replayed.ShouldBeTrue();
    }

    [Fact]
    public async Task Other_parameters_or_another_address_under_the_same_key_are_an_error()
    {
        var intent = (await sandbox.CreateIntentAsync(key: "once")).Ok();

        foreach (var other in new[] { await sandbox.CreateIntentAsync("&metadata[a]=1", key: "once"), await sandbox.ConfirmAsync(intent.Id, "tok_visa", key: "once") })
        {
            other.Status.ShouldBe(400);
            other.Body["error"]!["type"]!.GetValue<string>().ShouldBe("idempotency_error");
        }
    }

    [Fact]
    public async Task Refused_parameters_do_not_use_the_key_up()
    {
        (await sandbox.PostAsync("/v1/payment_intents", "amount=1&currency=usd", key: "later")).Status.ShouldBe(400);

        (await sandbox.PostAsync("/v1/payment_intents", "amount=100&currency=usd", key: "later")).Ok().Replayed.ShouldBeFalse();
    }

    [Fact]
    public async Task A_second_call_while_the_first_is_under_way_is_409()
    {
        await sandbox.OrderFaultAsync(new { path = "/v1/payment_intents", when = "during", delay_ms = 1000 });

        var both = await Task.WhenAll(sandbox.CreateIntentAsync(key: "busy"), sandbox.CreateIntentAsync(key: "busy"));

        both.Select(answer => answer.Status).ShouldBe([200, 409], ignoreOrder: true);
        both.Single(answer => answer.Status == 409).ErrorCode.ShouldBe("idempotency_key_in_use");
        (await sandbox.CreateIntentAsync(key: "busy")).Ok().Replayed.ShouldBeTrue();
    }

    [Fact]
    public async Task A_lost_answer_is_found_under_its_key_and_the_work_is_done_once()
    {
        await sandbox.OrderFaultAsync(new { path = "/v1/payment_intents", when = "after", drop = true });
        await Should.ThrowAsync<HttpRequestException>(() => sandbox.CreateIntentAsync(key: "lost"));

        (await sandbox.CreateIntentAsync(key: "lost")).Ok().Replayed.ShouldBeTrue();
    }

    [Fact]
    public async Task An_error_of_stripes_own_is_kept_when_it_came_after_the_work()
    {
        await sandbox.OrderFaultAsync(new { path = "/v1/payment_intents", when = "after", status = 500, kept = true });

        (await sandbox.CreateIntentAsync(key: "broken")).Status.ShouldBe(500);
        var again = await sandbox.CreateIntentAsync(key: "broken");

        again.Status.ShouldBe(500);
        again.Replayed.ShouldBeTrue();
    }

    [Fact]
    public async Task A_key_is_forgotten_after_24_hours()
    {
        var first = (await sandbox.CreateIntentAsync(key: "daily")).Ok();
        sandbox.Clock.Turn(TimeSpan.FromHours(24));

        (await sandbox.CreateIntentAsync(key: "daily")).Ok().Id.ShouldNotBe(first.Id);
    }
}
