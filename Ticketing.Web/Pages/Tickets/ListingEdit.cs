using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Ticketing.Contracts.Api;
using Ticketing.Web.Languages;

namespace Ticketing.Web.Pages.Tickets;

/// <summary>
/// What a seller's form changes of the listing as it is now. Only that is sent: a field that was not touched is neither checked
/// nor rewritten, which the form could do less exactly (it has no seconds), and what another tab saved meanwhile stands.
/// </summary>
/// <remarks>
/// The form carries a fingerprint of each field as it was when the form was made. So it is known which fields the seller touched
/// here and which somebody changed elsewhere, without sending a long description twice.
/// </remarks>
internal sealed class ListingEdit
{
    private const int FingerprintLength = 12;

    private readonly ListingForm form;
    private readonly ListingForm present;
    private readonly string presentOrigin;
    private readonly IReadOnlyList<(string Field, bool IsTouched)> conflicts;

    /// <param name="form">The form as it came back.</param>
    /// <param name="typed">The same as JSON.</param>
    /// <param name="listing">The listing as it is now.</param>
    public ListingEdit(ListingForm form, JsonObject typed, TicketResponse listing)
    {
        (this.form, present, presentOrigin) = (form, ListingForm.Of(listing), OriginOf(listing));
        var before = Fields(listing);
        var changed = typed.Where(field => !JsonNode.DeepEquals(field.Value, before[field.Key])).ToList();
        Changes = new(changed.Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone())));

        var names = before.Select(field => field.Key).ToArray();
        var (origin, now) = (form.Origin?.Split('.') ?? [], presentOrigin.Split('.'));
        conflicts = origin.Length != now.Length ? [] :
        [
            .. from field in changed
               let index = Array.IndexOf(names, field.Key)
               where origin[index] != now[index]
               select (field.Key, Fingerprint(field.Value) != origin[index]),
        ];
    }

    /// <summary>The fields that differ from the listing, as Tickets takes them.</summary>
    public JsonObject Changes { get; }

    /// <summary>Whether something would be overwritten that was saved after the form was made.</summary>
    public bool IsOutdated => conflicts.Count > 0;

    /// <summary>The fingerprints of a listing's fields, for the form that is made of it.</summary>
    public static string OriginOf(TicketResponse listing) => string.Join('.', Fields(listing).Select(field => Fingerprint(field.Value)));

    /// <summary>
    /// The form to be shown instead of saving. What was touched here stays as it was typed; of the rest the form has what is saved
    /// by now; and at each such field stands the other value.
    /// </summary>
    public ListingForm Tell(ModelStateDictionary state)
    {
        state.AddModelError("", Texts.Shared(
            "This listing was changed after you opened this page. Nothing is saved yet: look at the marked fields and save again."));
        var shown = form.InUtc();
        foreach (var (field, isTouched) in conflicts)
        {
            state.AddModelError($"Form.{field}", isTouched
                ? Texts.Shared("Saved in the meantime: {0}", Say(present, field))
                : Texts.Shared("Changed in the meantime. You had opened the page with: {0}", Say(shown, field)));
            shown = isTouched ? shown : Take(shown, field);
        }
        return shown with { Origin = presentOrigin };
    }

    private ListingForm Take(ListingForm shown, string field) => field switch
    {
        "title" => shown with { Title = present.Title },
        "price" => shown with { Price = present.Price },
        "quantity" => shown with { Quantity = present.Quantity },
        "venue" => shown with { Venue = present.Venue },
        "startsAt" => shown with { StartsAt = present.StartsAt },
        "description" => shown with { Description = present.Description },
        "maxPerBuyer" => shown with { MaxPerBuyer = present.MaxPerBuyer },
        _ => shown with { BuyersPerMinute = present.BuyersPerMinute },
    };

    private static string Say(ListingForm form, string field) => (field switch
    {
        "title" => form.Title,
        "price" => form.Price,
        "quantity" => form.Quantity,
        "venue" => form.Venue,
        "startsAt" => form.StartsAt is { } utc ? $"{utc.Replace('T', ' ')} UTC" : null,
        "description" => form.Description,
        "maxPerBuyer" => form.MaxPerBuyer,
        _ => form.BuyersPerMinute,
    }) ?? "–";

    private static JsonObject Fields(TicketResponse listing) => ListingForm.Of(listing).ToJson(new())!;

    private static string Fingerprint(JsonNode? value) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(value?.ToJsonString() ?? "")))[..FingerprintLength];
}
