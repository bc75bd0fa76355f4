using System.ComponentModel.DataAnnotations;

namespace Ticketing.Payments.Gateway;

/// <summary>The section <c>Stripe</c> of the configuration.</summary>
internal sealed class StripeOptions
{
    public const string Section = "Stripe";

    /// <summary>Where Stripe's API is; set for the sandbox.</summary>
    [Required, Url]
    public string BaseAddress { get; init; } = "https://api.stripe.com";

    /// <summary>The API key.</summary>
    [Required(ErrorMessage = "It is missing: the API key of Stripe, or of the sandbox.")]
    public string SecretKey { get; init; } = "";

    /// <summary>What Stripe signs its events with.</summary>
    [Required(ErrorMessage = "It is missing: the signing secret of the webhook endpoint.")]
    public string WebhookSecret { get; init; } = "";
}
