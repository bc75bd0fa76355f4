namespace Ticketing.Web.Pages.Parts;

/// <summary>Says why there is nothing here, and what one can do about it (<c>_Empty.cshtml</c>).</summary>
/// <param name="Icon">One of <see cref="IconTagHelper"/>'s.</param>
/// <param name="Heading">In the visitor's language, as the rest.</param>
/// <param name="Advice">A sentence more; null for none.</param>
/// <param name="Url">Where the way out leads; null for none.</param>
/// <param name="Action">What the way out is called.</param>
internal sealed record EmptyState(string Icon, string Heading, string? Advice = null, string? Url = null, string? Action = null);
