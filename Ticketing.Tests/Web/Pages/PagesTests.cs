using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Ticketing.ApiDefaults;
using Ticketing.Contracts;
using Ticketing.Contracts.Api;
using Xunit;

namespace Ticketing.Tests.Web.Pages;

/// <summary>What the tests of pages do again and again.</summary>
[Collection(typeof(WebCollection))]
public abstract class PagesTests(WebSite site)
{
    internal static readonly Guid UserId = Guid.CreateVersion7();

    internal WebSite Site => site;

    internal string Session => site.Platform.Users.TokenFor(UserId, site.Platform.Clock.GetUtcNow());

    internal Browser Anonymous() => new(site.Web);

    internal Browser SignedIn() => new(site.Web, Session);

    internal static TicketResponse Ticket(string title = "Hamlet", Guid? seller = null, int available = 5, decimal price = 35m) => new(
        Guid.CreateVersion7(), title, price, "usd", 5, available, seller ?? Guid.CreateVersion7(), 0, null, "Globe", null, null,
        DateTimeOffset.UnixEpoch);

    internal OrderResponse Order(string status = OrderStatus.Created, string? reason = null) => new(
        Guid.CreateVersion7(), UserId, status, reason, 2, 70m, "usd", site.Platform.Clock.GetUtcNow().AddSeconds(60),
        DateTimeOffset.UnixEpoch, 3, new(Guid.CreateVersion7(), "Hamlet", 35m, 1));

    internal static RequestDelegate Json<T>(T body, int status = 200) => context =>
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(body, JsonConventions.Options);
    };

    internal static RequestDelegate Problem(int status, params (string Message, string? Field)[] errors) => context =>
    {
        context.Response.StatusCode = status;
        var problem = new { status, errors = errors.Select(error => new ApiError(error.Message, error.Field)) };
        return context.Response.WriteAsync(JsonSerializer.Serialize(problem, JsonConventions.Options));
    };

    /// <summary>Remembers the body and answers.</summary>
    internal static RequestDelegate Keep(List<JsonNode> bodies, RequestDelegate answer) => async context =>
    {
        if (!HttpMethods.IsGet(context.Request.Method))
            bodies.Add((await JsonNode.ParseAsync(context.Request.Body))!);
        await answer(context);
    };
}
