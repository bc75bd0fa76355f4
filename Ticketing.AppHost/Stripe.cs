namespace Ticketing.AppHost;

internal static class Stripe
{
    private const string SecretKey = "stripe-secret-key";
    private const string WebhookSecret = "stripe-webhook-secret";

    /// <summary>
    /// Charges go to Stripe when its key is given (<c>Parameters:stripe-secret-key</c> and <c>-webhook-secret</c>) and always
    /// when published; else to the sandbox on this machine.
    /// </summary>
    /// <param name="payments">The service that charges.</param>
    /// <param name="pages">The origin of the pages where buyers pay.</param>
    public static IResourceBuilder<ProjectResource> WithStripe(
        this IResourceBuilder<ProjectResource> payments, out ReferenceExpression pages)
    {
        var builder = payments.ApplicationBuilder;
        pages = ReferenceExpression.Create($"https://checkout.stripe.com");
        return builder.ExecutionContext.IsPublishMode || builder.Setting(SecretKey, "").Length > 0
            ? payments
                .WithEnvironment("Stripe__BaseAddress", "https://api.stripe.com/")
                .WithEnvironment("Stripe__SecretKey", builder.AddGivenSecret(SecretKey))
                .WithEnvironment("Stripe__WebhookSecret", builder.AddGivenSecret(WebhookSecret))
            : payments.WithSandbox(out pages);
    }

    private static IResourceBuilder<ProjectResource> WithSandbox(
        this IResourceBuilder<ProjectResource> payments, out ReferenceExpression address)
    {
        var builder = payments.ApplicationBuilder;
        var key = builder.AddSecret("sandbox-secret-key");
        var webhookSecret = builder.AddSecret("sandbox-webhook-secret");

        var stripe = builder.AddService<Projects.Ticketing_StripeSandbox>("stripe");
        // Not "localhost": the browser would send the site's cookies to every port of it.
        address = ReferenceExpression.Create($"http://127.0.0.1:{stripe.GetEndpoint("http").Property(EndpointProperty.Port)}");
        stripe
            .WithEnvironment("Sandbox__SecretKey", key)
            .WithEnvironment("Sandbox__WebhookSecret", webhookSecret)
            .WithEnvironment("Sandbox__WebhookUrl", ReferenceExpression.Create($"{payments.GetEndpoint("http")}/api/payments/webhook"))
            .WithEnvironment("Sandbox__PublicAddress", address)
            // Like Stripe it must not forget what the payments in our database are about.
            .WithEnvironment("Sandbox__DataDirectory", Path.Combine(DataDirectory.PathOf(builder), "stripe"));

        return payments
            .WithEnvironment("Stripe__BaseAddress", address)
            .WithEnvironment("Stripe__SecretKey", key)
            .WithEnvironment("Stripe__WebhookSecret", webhookSecret);
    }

    /// <summary>A secret that only the person who starts or deploys the platform can give.</summary>
    private static IResourceBuilder<ParameterResource> AddGivenSecret(this IDistributedApplicationBuilder builder, string name) =>
        builder.ExecutionContext.IsPublishMode
            ? builder.AddParameter(name, secret: true)
            : builder.AddParameter(name, () => builder.Setting(name, "") is { Length: > 0 } given
                ? given
                : throw new DistributedApplicationException($"Parameters__{name.Replace('-', '_')} is missing."), secret: true);
}
