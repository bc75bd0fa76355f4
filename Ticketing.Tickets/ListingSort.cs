using System.Buffers.Binary;
using System.Buffers.Text;
using Ticketing.ApiDefaults;

namespace Ticketing.Tickets;

/// <summary>
/// An order in which listings can be read page by page. The cursor is the last listing's place in it (what it is sorted
/// by, then its id), so that a page begins where the one before ended, whatever came or went meanwhile.
/// </summary>
/// <param name="Name">As the query says it.</param>
/// <param name="Tag">Distinguishes the cursors of one order from those of another.</param>
/// <param name="OrderBy">Of the listing <c>t</c>.</param>
/// <param name="After">True of what comes after the place <c>@key, @id</c>.</param>
/// <param name="KeyOf">What a listing is sorted by, as a number of 0 and above.</param>
internal sealed record ListingSort(string Name, byte Tag, string OrderBy, string After, Func<Listing, long> KeyOf)
{
    /// <summary>When a listing's event starts; one without a date never does.</summary>
    public const string Start = "coalesce(t.starts_at, 'infinity')";

    private const long Never = long.MaxValue;

    /// <summary>Ids are UUIDv7, so their order is that of time; its cursor is the id alone.</summary>
    public static ListingSort Newest { get; } = new("newest", 0, "t.id DESC", "t.id < @id", _ => 0);

    private static readonly IReadOnlyList<ListingSort> All =
    [
        Newest,
        new("soonest", 1, $"{Start}, t.id", $"({Start}, t.id) > (@key, @id)", StartKey) { IsByTime = true },
        new("price-asc", 2, "t.price, t.id", "(t.price, t.id) > (@key, @id)", listing => listing.Price),
        new("price-desc", 3, "t.price DESC, t.id DESC", "(t.price, t.id) < (@key, @id)", listing => listing.Price),
    ];

    private bool IsByTime { get; init; }

    /// <summary>Whether events that have begun are left out, of whatever list.</summary>
    public bool OnlyToCome => IsByTime;

    /// <summary>A key as the database compares it; Npgsql says "infinity" by the greatest time of all.</summary>
    public object ToParameter(long key) => !IsByTime ? key
        : key == Never ? DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc)
        : DateTime.UnixEpoch.AddTicks(key * TimeSpan.TicksPerMicrosecond);

    public static ListingSort Parse(string? name, ValidationErrors errors)
    {
        if (name is null)
            return Newest;
        var sort = All.FirstOrDefault(sort => sort.Name == name);
        errors.Require(sort is not null, "sort", $"Sort by one of {string.Join(", ", All.Select(known => known.Name))}.");
        return sort ?? Newest;
    }

    /// <summary>Where the page begins; null for the first one.</summary>
    public Place? ParseCursor(string? cursor, ValidationErrors errors)
    {
        if (this == Newest)
            return cursor is null ? null : new Place(0, Paging.ParseCursor(cursor, errors));
        if (cursor is null)
            return null;
        Span<byte> place = stackalloc byte[25];
        if (Base64Url.IsValid(cursor, out var length) && length == place.Length
            && Base64Url.TryDecodeFromChars(cursor, place, out _) && place[0] == Tag
            && BinaryPrimitives.ReadInt64BigEndian(place[1..]) is var key && IsKey(key))
            return new Place(key, new Guid(place[9..], bigEndian: true));
        errors.Add("cursor", Paging.ForeignCursor);
        return null;
    }

    public string CursorAfter(Listing last)
    {
        if (this == Newest)
            return Paging.Cursor(last.Id);
        Span<byte> place = stackalloc byte[25];
        place[0] = Tag;
        BinaryPrimitives.WriteInt64BigEndian(place[1..], KeyOf(last));
        last.Id.TryWriteBytes(place[9..], bigEndian: true, out _);
        return Base64Url.EncodeToString(place);
    }

    private static long StartKey(Listing listing) => listing.StartsAt is { } at
        ? (at - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond
        : Never;

    /// <summary>Whether it can stand for a time, where it has to.</summary>
    private bool IsKey(long key) =>
        key >= 0 && (!IsByTime || key == Never || key < (DateTime.MaxValue - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);

    /// <summary>A place in the order.</summary>
    internal readonly record struct Place(long Key, Guid Id);
}
