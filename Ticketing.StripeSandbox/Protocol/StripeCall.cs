using Ticketing.StripeSandbox.Bookkeeping;

namespace Ticketing.StripeSandbox.Protocol;

/// <summary>One API call, inside its transaction.</summary>
/// <param name="Id">The id in the path; empty when there is none.</param>
internal sealed record StripeCall(BooksTransaction Books, StripeForm Form, string Id);
