namespace Ticketing.StripeSandbox.Webhooks;

/// <summary><c>/v1/webhook_endpoints</c>: who hears of events. The one from the configuration is among them.</summary>
internal static class WebhookEndpoints
{
    public static WebhookEndpoint Create(StripeCall call)
    {
        var form = call.Form;
        form.Only("url", "enabled_events", "description", "metadata", "api_version", "connect");
        return call.Store.Put(new WebhookEndpoint
        {
            Id = StripeId.New<WebhookEndpoint>(),
            Created = call.Store.Now,
            Description = form.Text("description"),
            EnabledEvents = form.List("enabled_events") is { Count: > 0 } events ? events : throw StripeFailure.Missing("enabled_events"),
            Metadata = form.Map("metadata"),
            Secret = StripeId.New("whsec_"),
            Status = "enabled",
            Url = form.WebAddress("url") ?? throw StripeFailure.Missing("url"),
        });
    }

    public static WebhookEndpoint Update(StripeCall call)
    {
        var (store, form, id) = call;
        form.Only("url", "enabled_events", "description");
        var endpoint = store.Get<WebhookEndpoint>(id);
        endpoint.Url = form.WebAddress("url") ?? endpoint.Url;
        endpoint.EnabledEvents = form.List("enabled_events") is { Count: > 0 } events ? events : endpoint.EnabledEvents;
        endpoint.Description = form.Text("description") ?? endpoint.Description;
        return WithoutSecret(store.Put(endpoint));
    }

    public static WebhookEndpoint Retrieve(StripeCall call) => WithoutSecret(call.Store.Get<WebhookEndpoint>(call.Id));

    public static WebhookEndpoint Delete(StripeCall call)
    {
        var endpoint = call.Store.Get<WebhookEndpoint>(call.Id);
        call.Store.Remove(endpoint.Id);
        return new() { Id = endpoint.Id, Object = endpoint.Object, Deleted = true };
    }

    /// <summary>The secret is shown only when the endpoint is created.</summary>
    private static WebhookEndpoint WithoutSecret(WebhookEndpoint endpoint)
    {
        endpoint.Secret = null;
        return endpoint;
    }
}
