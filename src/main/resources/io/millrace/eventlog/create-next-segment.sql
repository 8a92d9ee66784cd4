with newest as (
    select max(segment) + 1 as segment from millrace.segment
), created as (
    select segment, millrace.create_segment(segment) from newest
)
select segment from created where create_segment is not null
