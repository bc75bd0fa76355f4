using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Ticketing.Contracts;
using Ticketing.Tests.Infrastructure;
using Ticketing.Web.Forwarding;
using Xunit;

namespace Ticketing.Tests.Web.Forwarding;

/// <summary>The site with answers about listings kept for a minute, so that no test depends on how fast it is.</summary>
[Collection(typeof(WebCollection))]
public sealed class ListingCacheTests(WebSite site) : IAsyncLifetime
{
    private TestService<ForwardingOptions> web = null!;

    public async ValueTask InitializeAsync()
    {
        web = site.Start(services => services.PostConfigure<OutputCacheOptions>(options => ListingCache.KeepFor(options, TimeSpan.FromMinutes(1))));
        await WebSite.IsHealthyAsync(web);
        site.Tickets.Answers(Say("first"));
    }

    public ValueTask DisposeAsync() => web.DisposeAsync();

    [Fact]
    public async Task A_crowd_is_few_questions()
    {
        var path = $"/api/tickets/{Guid.CreateVersion7()}";
        using var guest = web.Anonymous();

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => guest.GetStringAsync(path)));

        answers.Distinct().ShouldBe(["first"]);
        // Who looked just before the answer was kept, and asks just after, asks once more.
        site.Tickets.Arrived.Count.ShouldBeLessThan(10);
        site.Tickets.Arrived.Clear();
        await guest.GetStringAsync(path);
        site.Tickets.Arrived.ShouldBeEmpty();
        await guest.GetStringAsync(path + "?other=1");
        site.Tickets.Arrived.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Who_has_it_already_is_told_so_from_memory()
    {
        site.Tickets.Answers(context =>
        {
            context.Response.Headers.ETag = "\"1\"";
            return Say("first")(context);
        });
        var path = $"/api/tickets/{Guid.CreateVersion7()}";
        using var guest = web.Anonymous();
        await guest.GetStringAsync(path);

        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { IfNoneMatch = { new EntityTagHeaderValue("\"1\"") } } };
        using var answer = await guest.SendAsync(request);

        ((int)answer.StatusCode).ShouldBe(304);
        site.Tickets.Arrived.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Who_is_signed_in_always_sees_what_is()
    {
        var path = $"/api/tickets/{Guid.CreateVersion7()}";
        using var guest = web.Anonymous();
        using var seller = web.As(Guid.CreateVersion7());
        await guest.GetStringAsync(path);
        site.Tickets.Answers(Say("second"));

        (await seller.GetStringAsync(path)).ShouldBe("second");
        (await guest.GetStringAsync(path)).ShouldBe("first");
    }

    [Theory]
    [InlineData("POST", "/api/tickets")]
    [InlineData("PUT", "/api/tickets/0199a5f0-0000-7000-8000-000000000000")]
    [InlineData("DELETE", "/api/tickets/0199a5f0-0000-7000-8000-000000000000")]
    public async Task What_was_changed_is_read_at_once(string method, string changed)
    {
        var path = $"/api/tickets/{Guid.CreateVersion7()}";
        using var guest = web.Anonymous();
        using var seller = web.As(Guid.CreateVersion7());
        await guest.GetStringAsync(path);
        await guest.GetStringAsync("/api/tickets");
        site.Tickets.Answers(Say("second"));

        using var change = new HttpRequestMessage(new HttpMethod(method), changed);
        (await seller.SendAsync(change)).EnsureSuccessStatusCode();

        (await guest.GetStringAsync(path)).ShouldBe("second");
        (await guest.GetStringAsync("/api/tickets")).ShouldBe("second");
    }

    [Fact]
    public async Task What_was_changed_elsewhere_is_read_when_its_event_is_here()
    {
        var path = $"/api/tickets/{Guid.CreateVersion7()}";
        using var guest = web.Anonymous();
        await guest.GetStringAsync(path);
        site.Tickets.Answers(Say("second"));
        (await guest.GetStringAsync(path)).ShouldBe("first");

        await site.Platform.Broker.PublishAsync(new TicketUpdated(new(
            Guid.CreateVersion7(), Guid.CreateVersion7(), "Concert", 1999, "usd", 1, null, null, null, DateTimeOffset.UnixEpoch, Version: 1)));

        await Eventually.BecomesAsync(() => guest.GetStringAsync(path), "second");
    }

    [Fact]
    public async Task A_failure_is_not_kept()
    {
        var path = $"/api/tickets/{Guid.CreateVersion7()}";
        using var guest = web.Anonymous();
        site.Tickets.Answers(context =>
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
        (await guest.GetAsync(path)).IsSuccessStatusCode.ShouldBeFalse();
        site.Tickets.Answers(Say("listed"));

        (await guest.GetStringAsync(path)).ShouldBe("listed");
    }

    private static RequestDelegate Say(string words) => context => context.Response.WriteAsync(words);
}
