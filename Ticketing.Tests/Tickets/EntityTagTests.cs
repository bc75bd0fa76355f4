using System.Net;
using System.Net.Http.Headers;
using Shouldly;
using Xunit;

namespace Ticketing.Tests.Tickets;

public sealed class EntityTagTests(TicketsFixture fixture) : TicketsTests(fixture)
{
    [Fact]
    public async Task A_listing_is_sent_again_only_when_it_changed()
    {
        var listing = await ListAsync(title: "Concert");
        var path = $"/api/tickets/{listing.Id}";
        using var first = await AskAsync(path, null);
        var known = first.Headers.ETag!;

        using (var same = await AskAsync(path, known))
        {
            same.StatusCode.ShouldBe(HttpStatusCode.NotModified);
            same.Headers.ETag.ShouldBe(known);
            (await same.Content.ReadAsStringAsync()).ShouldBeEmpty();
        }
        using (var weak = await AskAsync(path, new EntityTagHeaderValue(known.Tag, isWeak: true)))
            weak.StatusCode.ShouldBe(HttpStatusCode.NotModified);

        (await PutAsync(listing, new { title = "Another" })).EnsureSuccessStatusCode();
        using var changed = await AskAsync(path, known);
        changed.StatusCode.ShouldBe(HttpStatusCode.OK);
        changed.Headers.ETag.ShouldNotBe(known);
        (await changed.Content.ReadAsStringAsync()).ShouldContain("Another");
    }

    [Fact]
    public async Task So_is_a_list_and_a_refusal_has_no_tag()
    {
        var listing = await ListAsync(title: $"Concert {Guid.NewGuid():N}");
        var path = $"/api/tickets?seller={listing.UserId}";
        using var first = await AskAsync(path, null);

        using (var same = await AskAsync(path, first.Headers.ETag))
            same.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        using var refused = await AskAsync("/api/tickets?limit=0", first.Headers.ETag);
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        refused.Headers.ETag.ShouldBeNull();
        (await refused.Content.ReadAsStringAsync()).ShouldContain("limit");
    }

    private async Task<HttpResponseMessage> AskAsync(string path, EntityTagHeaderValue? known)
    {
        using var client = Tickets.Anonymous();
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (known is not null)
            request.Headers.IfNoneMatch.Add(known);
        return await client.SendAsync(request);
    }
}
