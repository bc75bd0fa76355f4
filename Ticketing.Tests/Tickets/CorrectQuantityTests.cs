using System.Net;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Contracts.Api;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Tickets;

public sealed class CorrectQuantityTests(TicketsFixture fixture) : TicketsTests(fixture)
{
    [Fact]
    public async Task The_quantity_is_raised_once_with_a_version_and_an_event_of_its_own()
    {
        var listing = await LoweredAsync();
        for (var i = 0; i < 3; i++)
            await CorrectAsync(listing, quantity: 7, version: 1);

        await Eventually.BecomesAsync(() => SeeAsync(listing), listing with { Quantity = 7, Available = 7, Version = 2 });
        var told = await Platform.Broker.HearAsync<TicketUpdated>(updated => updated.Listing.Id == listing.Id && updated.Listing.Version == 2);
        told.Listing.Quantity.ShouldBe(7);
        await SettleAsync();
        (await SeeAsync(listing)).Version.ShouldBe(2);
    }

    [Theory]
    [InlineData(7, 0)]
    [InlineData(7, 2)]
    [InlineData(5, 1)]
    [InlineData(4, 1)]
    public async Task A_correction_of_another_version_or_downwards_changes_nothing(int quantity, int version)
    {
        var listing = await LoweredAsync();
        await CorrectAsync(listing, quantity, version);
        await SettleAsync();
        (await SeeAsync(listing)).ShouldBe(listing);
    }

    [Fact]
    public async Task A_withdrawn_listing_is_not_corrected()
    {
        var listing = await LoweredAsync();
        (await DeleteAsync(listing)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await CorrectAsync(listing, quantity: 7, version: 2);
        await SettleAsync();
        Platform.Broker.Heard<TicketUpdated>(updated => updated.Listing.Id == listing.Id && updated.Listing.Version > 1).ShouldBeEmpty();
    }

    /// <summary>A listing whose seller has just lowered its quantity from 10 to 5: version 1.</summary>
    private async Task<TicketResponse> LoweredAsync()
    {
        var listing = await ListAsync(quantity: 10);
        (await PutAsync(listing, new { quantity = 5 })).StatusCode.ShouldBe(HttpStatusCode.OK);
        return await SeeAsync(listing);
    }

    private Task CorrectAsync(TicketResponse listing, int quantity, int version) =>
        Platform.Broker.PublishAsync(new ListingCorrected(listing.Id, quantity, version));

    /// <summary>What is on the queue before this is handled when it is: a correction that shows is sent last.</summary>
    private async Task SettleAsync()
    {
        var last = await LoweredAsync();
        await CorrectAsync(last, quantity: 8, version: 1);
        await Eventually.HoldsAsync(async () => (await SeeAsync(last)).Quantity == 8, "the last correction is applied");
    }
}
