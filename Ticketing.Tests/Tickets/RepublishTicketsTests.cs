using System.Net;
using Dapper;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Data;
using Ticketing.ServiceDefaults;
using Ticketing.Tests.Infrastructure;
using Ticketing.Tickets;
using Xunit;

namespace Ticketing.Tests.Tickets;

public sealed class RepublishTicketsTests(TicketsFixture fixture) : TicketsTests(fixture)
{
    [Fact]
    public async Task Every_listings_present_state_is_told_again()
    {
        var untouched = await ListAsync();
        var changed = await ListAsync();
        var withdrawn = await ListAsync();
        await PutAsync(changed, new { title = "Changed" });
        (await DeleteAsync(withdrawn)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await using var connection = await Platform.OpenAsync("tickets");
        // More than a page.
        await connection.ExecuteAsync(
            """
            INSERT INTO tickets (id, seller_id, title, price, currency, quantity, created_at)
            SELECT gen_random_uuid(), gen_random_uuid(), 'Many', 100, 'usd', 1, now() FROM generate_series(1, 1200)
            """);
        await Platform.Broker.HearAsync<TicketDeleted>(told => told.Listing.Id == withdrawn.Id);

        (await RepublishAsync()).ShouldBe(0);

        await TwiceAsync<TicketCreated>(told => told.Listing.Id == untouched.Id);
        await TwiceAsync<TicketUpdated>(told => told.Listing.Id == changed.Id && told.Listing is { Version: 1, Title: "Changed" });
        await TwiceAsync<TicketDeleted>(told => told.Listing.Id == withdrawn.Id && told.Listing.Version == 1);
        await Eventually.BecomesAsync(
            () => Task.FromResult(Platform.Broker.Heard<TicketCreated>(told => told.Listing.Title == "Many").Select(told => told.Listing.Id).Distinct().Count()),
            1200);
    }

    private Task TwiceAsync<T>(Func<T, bool> match) =>
        Eventually.BecomesAsync(() => Task.FromResult(Platform.Broker.Heard(match).Count), 2);

    /// <summary>The program as it starts for the command: built, but never run.</summary>
    private async Task<int> RepublishAsync()
    {
        var builder = Microsoft.AspNetCore.Builder.WebApplication.CreateBuilder();
        builder.Configuration["ConnectionStrings:tickets-db"] = Platform.ConnectionString("tickets-db");
        builder.AddServiceDefaults();
        builder.AddDatabase("tickets-db", typeof(RepublishTickets).Assembly);
        await using var app = builder.Build();
        return await Republishing.RepublishAsync(app, RepublishTickets.Page);
    }
}
