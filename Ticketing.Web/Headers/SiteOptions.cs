namespace Ticketing.Web.Headers;

/// <summary>Settings under <c>Site</c>.</summary>
internal sealed class SiteOptions
{
    public const string Section = "Site";

    /// <summary>
    /// The scheme, host and port by which people reach the site. Addresses that leave the page that asked for them, such as that in a
    /// calendar's file, begin with it: the host that a request names is its sender's word.
    /// </summary>
    public string PublicOrigin { get; init; } = "http://localhost:8080";

    /// <summary>The origins of the pages where buyers pay, with spaces between; Stripe's own unless set.</summary>
    public string PaymentPages { get; init; } = "https://checkout.stripe.com";

    /// <summary>Whether it is one.</summary>
    public bool HasValidPublicOrigin => IsOrigin(PublicOrigin);

    /// <summary>Whether these are origins, and so can be put into a policy.</summary>
    public bool HasValidPaymentPages => PaymentPages.Split(' ').All(IsOrigin);

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is ("http" or "https") && text == uri.GetLeftPart(UriPartial.Authority);
}
