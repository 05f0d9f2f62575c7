/** Words in which addresses are links, as a remedy may name where to go. */

export function Linked({ text }: { readonly text: string }) {
  return (
    <>
      {text.split(/(https:\/\/[^\s)]+)/).map((part) =>
        part.startsWith('https://') ? (
          <a key={part} href={part}>
            {part}
          </a>
        ) : (
          part
        ),
      )}
    </>
  );
}
