using System.Data;
using Dapper;

namespace Ticketing.Data;

/// <summary>Lets Dapper read <c>timestamptz</c>, which Npgsql hands out as a UTC DateTime, into our records.</summary>
internal sealed class DateTimeOffsetHandler : SqlMapper.TypeHandler<DateTimeOffset>
{
    public override DateTimeOffset Parse(object value) => new((DateTime)value);

    public override void SetValue(IDbDataParameter parameter, DateTimeOffset value) =>
        parameter.Value = value.UtcDateTime;
}
