namespace Ticketing.Web.Headers;

/// <summary>Settings under <c>Site</c>.</summary>
internal sealed class SiteOptions
{
    public const string Section = "Site";

    /// <summary>The origins of the pages where buyers pay, with spaces between; Stripe's own unless set.</summary>
    public string PaymentPages { get; init; } = "https://checkout.stripe.com";

    /// <summary>Whether these are origins, and so can be put into a policy.</summary>
    public bool HasValidPaymentPages => PaymentPages.Split(' ').All(page =>
        Uri.TryCreate(page, UriKind.Absolute, out var uri) && uri.Scheme is ("http" or "https")
        && page == uri.GetLeftPart(UriPartial.Authority));
}
