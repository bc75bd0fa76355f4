using Ticketing.StripeSandbox.Bookkeeping;
using Ticketing.StripeSandbox.Protocol;

namespace Ticketing.StripeSandbox.Webhooks;

/// <summary><c>/v1/webhook_endpoints</c>: who hears of events. The one from the configuration is among them.</summary>
internal static class WebhookEndpoints
{
    private const string ConfiguredId = "we_configured";

    public static object Create(StripeCall call)
    {
        var form = call.Form;
        form.Only("url", "enabled_events", "description", "metadata", "api_version", "connect");
        var url = Address(form) ?? throw StripeFailure.Missing("url");
        if (form.List("enabled_events") is not { Count: > 0 } events)
            throw StripeFailure.Missing("enabled_events");
        var endpoint = call.Books.Put(new WebhookEndpoint(StripeJson.NewId("we"), call.Books.Now, url,
            StripeJson.NewId("whsec"), events)
        {
            Description = form.Text("description"),
        });
        return View(endpoint, endpoint.Secret);
    }

    public static object Update(StripeCall call)
    {
        var (form, endpoint) = (call.Form, Find(call));
        form.Only("url", "enabled_events", "description");
        return View(call.Books.Put(endpoint with
        {
            Url = Address(form) ?? endpoint.Url,
            Events = form.List("enabled_events") is { Count: > 0 } events ? events : endpoint.Events,
            Description = form.Text("description") ?? endpoint.Description,
        }), null);
    }

    public static object Retrieve(StripeCall call) => View(Find(call), null);

    public static object List(StripeCall call) =>
        ListPage.Of<WebhookEndpoint>(call, "/v1/webhook_endpoints", endpoint => View(endpoint, null));

    public static object Delete(StripeCall call)
    {
        var endpoint = Find(call);
        call.Books.Remove(endpoint.Id);
        foreach (var delivery in call.Books.All<Delivery>().Where(delivery => delivery.EndpointId == endpoint.Id).ToList())
            call.Books.Remove(delivery.Id);
        return new { id = endpoint.Id, @object = "webhook_endpoint", deleted = true };
    }

    /// <summary>Puts the configured endpoint into the books, or takes it out when there is none any more.</summary>
    public static bool Configure(BooksTransaction books, SandboxOptions options)
    {
        if (options.WebhookUrl is { Length: > 0 } url)
            books.Put(new WebhookEndpoint(ConfiguredId, books.Now, url, options.WebhookSecret, ["*"]));
        else
            books.Remove(ConfiguredId);
        return true;
    }

    private static string? Address(StripeForm form) =>
        form.Text("url") is not { } url ? null
        : Uri.TryCreate(url, UriKind.Absolute, out _) ? url
        : throw StripeFailure.BadParameter("Not a valid URL", "url", "url_invalid");

    private static WebhookEndpoint Find(StripeCall call) =>
        call.Books.Find<WebhookEndpoint>(call.Id) ?? throw StripeFailure.NoSuch("webhook endpoint", call.Id);

    /// <param name="secret">Told only when the endpoint is made.</param>
    private static object View(WebhookEndpoint endpoint, string? secret) => new
    {
        id = endpoint.Id,
        @object = "webhook_endpoint",
        api_version = (string?)null,
        application = (string?)null,
        created = endpoint.Created,
        description = endpoint.Description,
        enabled_events = endpoint.Events,
        livemode = false,
        metadata = new { },
        secret,
        status = "enabled",
        url = endpoint.Url,
    };
}
