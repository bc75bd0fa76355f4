using System.Net.Http.Json;
using Dapper;
using Shouldly;
using Ticketing.Contracts.Api;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.Tickets;

/// <summary>What has begun is no longer on sale.</summary>
public sealed class SalesEndTests(TicketsFixture fixture) : TicketsTests(fixture)
{
    [Fact]
    public async Task Lists_and_searches_leave_out_what_has_begun_and_its_page_stays()
    {
        var seller = Guid.CreateVersion7();
        var soon = await ListAsync(title: "Soon", seller: seller, startsAt: Platform.Clock.GetUtcNow().AddMinutes(1));
        var later = await ListAsync(title: "Later", seller: seller, startsAt: Platform.Clock.GetUtcNow().AddDays(1));
        var undated = await ListAsync(title: "Undated", seller: seller);
        (await ListAsync($"seller={seller}")).ShouldBe([undated.Id, later.Id, soon.Id]);

        Platform.Clock.Turn(TimeSpan.FromMinutes(2));

        // At once, and when the job that ends sales has come by.
        for (var times = 0; times < 2; times++)
        {
            (await ListAsync($"seller={seller}")).ShouldBe([undated.Id, later.Id]);
            (await ListAsync($"seller={seller}&sort=price-asc")).ShouldBe([later.Id, undated.Id]);
            (await ListAsync($"seller={seller}&q=soon")).ShouldBeEmpty();
            (await ListAsync("limit=100")).ShouldNotContain(soon.Id);
            // The seller still sees it, and so does who has its address.
            (await ListAsync($"seller={seller}&all=true")).ShouldBe([undated.Id, later.Id, soon.Id]);
            (await ListAsync($"ids={soon.Id}")).ShouldBe([soon.Id]);
            (await SeeAsync(soon)).Available.ShouldBe(1);
            await Eventually.BecomesAsync(() => HasEndedAsync(soon), true);
        }
        (await HasEndedAsync(later)).ShouldBeFalse();
        (await HasEndedAsync(undated)).ShouldBeFalse();

        // Put off, it is on sale again.
        (await PutAsync(soon, new { startsAt = Platform.Clock.GetUtcNow().AddDays(2) })).EnsureSuccessStatusCode();
        (await ListAsync($"seller={seller}")).ShouldBe([undated.Id, later.Id, soon.Id]);
    }

    private async Task<bool> HasEndedAsync(TicketResponse listing)
    {
        await using var connection = await Platform.OpenAsync("tickets");
        return await connection.ExecuteScalarAsync<bool>("SELECT sales_ended FROM tickets WHERE id = @Id", new { listing.Id });
    }

    private async Task<IEnumerable<Guid>> ListAsync(string query)
    {
        using var client = Tickets.Anonymous();
        return (await client.GetFromJsonAsync<TicketResponse[]>($"/api/tickets?{query}"))!.Select(listing => listing.Id);
    }
}
