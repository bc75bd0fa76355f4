using System.Diagnostics;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.ServiceDefaults;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Payments;

/// <summary>A purchase can be followed from the reservation to the captured money, and a request by its id.</summary>
public sealed class TraceTests(PaymentsFixture fixture) : PaymentsTests(fixture)
{
    [Fact]
    public async Task The_payment_goes_on_in_the_trace_of_its_reservation()
    {
        using var recorded = new RecordedActivities();
        using var reservation = new Activity("reservation") { ActivityTraceFlags = ActivityTraceFlags.Recorded }.Start();
        var order = await PlaceAsync();
        reservation.Stop();

        await PaidAsync(order);
        await CompleteAsync(await AuthorizedAsync(order), order);
        await BecomesAsync(order, PaymentStatus.Captured);

        await Eventually.HoldsAsync(
            () => Task.FromResult(Names().Contains("outbox publish PaymentCaptured")), "the capture is told in the same trace");
        Names().ShouldContain("pay by card");
        Names().ShouldContain("outbox publish PaymentAuthorized");
        var paying = recorded.Of(reservation.TraceId).First(activity => activity.DisplayName == "pay by card");
        paying.GetTagItem(Telemetry.OrderId).ShouldBe(order.Id.ToString());
        paying.Links.Count().ShouldBe(1);

        List<string> Names() => [.. recorded.Of(reservation.TraceId).Select(activity => activity.DisplayName)];
    }

    [Fact]
    public async Task A_request_is_named_by_its_route_and_says_which_order_it_is_about()
    {
        var order = await PlaceAsync();
        await PaidAsync(order);
        using var recorded = new RecordedActivities();
        using var caller = new Activity("caller") { ActivityTraceFlags = ActivityTraceFlags.Recorded }.Start();
        var trace = caller.TraceId;

        using var client = Payments.As(order.UserId);
        await client.GetAsync($"/api/payments/{order.Id}");
        await client.GetAsync("/health");
        await client.GetAsync("/nothing");

        await Eventually.HoldsAsync(() => Task.FromResult(recorded.Of(trace).Count == 2), "two requests have ended");
        var (known, unknown) = (recorded.Of(trace)[0], recorded.Of(trace)[1]);
        known.DisplayName.ShouldBe("GET /api/payments/{orderId}");
        known.GetTagItem(Telemetry.OrderId).ShouldBe(order.Id.ToString());
        known.GetTagItem("http.response.status_code").ShouldBe(200);
        unknown.DisplayName.ShouldBe("GET");
        unknown.GetTagItem("http.response.status_code").ShouldBe(404);
    }
}
