using System.Text.Json.Nodes;
using Ticketing.StripeSandbox.Bookkeeping;
using Ticketing.StripeSandbox.Protocol;

namespace Ticketing.StripeSandbox.Webhooks;

/// <summary><c>GET /v1/events</c>, <c>GET /v1/events/{id}</c>, and what a webhook carries.</summary>
internal static class Events
{
    public static object Retrieve(StripeCall call) =>
        View(call.Books.Find<StripeEvent>(call.Id) ?? throw StripeFailure.NoSuch("event", call.Id), Pending(call.Books, call.Id));

    public static object List(StripeCall call)
    {
        call.Form.Only("limit", "starting_after", "type", "created", "delivery_success", "types");
        return ListPage.Of<StripeEvent>(call, "/v1/events", happened => View(happened, Pending(call.Books, happened.Id)),
            happened => (call.Form.Text("type") ?? happened.Type) == happened.Type);
    }

    public static object View(StripeEvent happened, int pending) => new
    {
        id = happened.Id,
        @object = "event",
        api_version = StripeEndpoint.ApiVersion,
        created = happened.Created,
        data = new { @object = JsonNode.Parse(happened.Object) },
        livemode = false,
        pending_webhooks = pending,
        request = new { id = happened.RequestId, idempotency_key = happened.Key },
        type = happened.Type,
    };

    private static int Pending(BooksTransaction books, string id) => books.All<Delivery>().Count(delivery => delivery.EventId == id);
}
