using System.ComponentModel.DataAnnotations;

namespace Ticketing.Payments;

/// <summary>The section <c>Stripe</c> of the configuration.</summary>
internal sealed class StripeOptions
{
    /// <summary>Where Stripe's API is; set for the sandbox.</summary>
    [Required(ErrorMessage = "Stripe__BaseAddress must not be empty.")]
    public Uri BaseAddress { get; init; } = new("https://api.stripe.com");

    /// <summary>The API key.</summary>
    [Required(ErrorMessage = "Stripe__SecretKey is missing: the API key of Stripe, or of the sandbox.")]
    public string SecretKey { get; init; } = "";

    /// <summary>What Stripe signs its events with.</summary>
    [Required(ErrorMessage = "Stripe__WebhookSecret is missing: the signing secret of the webhook endpoint.")]
    public string WebhookSecret { get; init; } = "";
}

/// <summary>The section <c>Site</c> of the configuration.</summary>
internal sealed class SiteOptions
{
    /// <summary>Where Stripe's pages send the buyer back to.</summary>
    public string PublicOrigin { get; init; } = "http://localhost:8080";
}
