using Ticketing.Contracts.Api;

namespace Ticketing.Tickets.Admissions;

/// <summary>A row of a used ticket.</summary>
internal sealed record Used
{
    public required int Number { get; init; }

    public required int Quantity { get; init; }

    public required string Code { get; init; }

    public required DateTimeOffset CheckedInAt { get; init; }

    public string? CheckedInDoor { get; init; }

    public CheckInResponse ToResponse() => new(AdmissionCode.Display(Code), Number, Quantity, CheckedInAt, CheckedInDoor);
}
