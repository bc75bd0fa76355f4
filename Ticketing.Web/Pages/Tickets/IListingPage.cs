namespace Ticketing.Web.Pages.Tickets;

/// <summary>A page with the fields of a listing.</summary>
internal interface IListingPage
{
    ListingForm Form { get; }

    /// <summary>Of the price, ISO 4217 in lower case.</summary>
    string Currency { get; }
}
