using System.Buffers.Binary;

namespace Ticketing.LocalHosting.Dashboard.Otlp;

/// <summary>
/// Reads the fields of a protobuf message (protobuf.dev/programming-guides/encoding): each is a tag, which is
/// <c>number &lt;&lt; 3 | wire type</c>, and a value. What is not read before the next <see cref="Next"/> is skipped.
/// </summary>
internal ref struct WireReader(ReadOnlySpan<byte> message)
{
    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int LengthDelimited = 2;
    private const int Fixed32 = 5;

    private ReadOnlySpan<byte> left = message;
    private int type;
    private bool unread;

    /// <summary>The number of the present field.</summary>
    public int Field { get; private set; }

    /// <summary>Whether the present field is a run of bytes: a message, a text or a packed list.</summary>
    public readonly bool IsBytes => type == LengthDelimited;

    /// <summary>Goes to the next field; false at the end.</summary>
    /// <exception cref="InvalidDataException">This is no protobuf message.</exception>
    public bool Next()
    {
        if (unread)
            Skip();
        if (left.IsEmpty)
            return false;
        var tag = ReadVarint();
        (Field, type, unread) = ((int)(tag >> 3), (int)(tag & 7), true);
        return Field > 0 ? true : throw Malformed();
    }

    public ulong Number() => Of(Varint) ? ReadVarint() : default;

    public ulong Number64() => Of(Fixed64) ? BinaryPrimitives.ReadUInt64LittleEndian(Take(8)) : default;

    public double Double() => BitConverter.UInt64BitsToDouble(Number64());

    public ReadOnlySpan<byte> Bytes() => Of(LengthDelimited) ? Take(ReadVarint()) : default;

    private bool Of(int expected)
    {
        if (type != expected)
            throw Malformed();
        unread = false;
        return true;
    }

    private void Skip()
    {
        unread = false;
        _ = type switch
        {
            Varint => ReadVarint(),
            Fixed64 => (ulong)Take(8).Length,
            LengthDelimited => (ulong)Take(ReadVarint()).Length,
            Fixed32 => (ulong)Take(4).Length,
            _ => throw Malformed(),
        };
    }

    private ulong ReadVarint()
    {
        var value = 0ul;
        for (var (at, shift) = (0, 0); shift < 64; at++, shift += 7)
        {
            if (at == left.Length)
                throw Malformed();
            value |= (ulong)(left[at] & 0x7f) << shift;
            if (left[at] < 0x80)
            {
                left = left[(at + 1)..];
                return value;
            }
        }

        throw Malformed();
    }

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)left.Length)
            throw Malformed();
        var taken = left[..(int)length];
        left = left[(int)length..];
        return taken;
    }

    private static InvalidDataException Malformed() => new("This is no protobuf message of OTLP.");
}
